/// The authorities that a validator knows, each with the outcome of all checks from it up to an anchor.
///
/// Everything is checked once, when the directory is made; looking something up is cheap.
struct IssuerDirectory: Sendable {
    /// One authority.
    struct Issuer: Sendable {
        let certificate: Certificate
        /// From this authority to the anchor, both included; or what is wrong on the way.
        let path: Result<[Certificate], CertificateError>
        /// Its newest lists, none where lists are not asked for; or what is wrong with them.
        let revocationLists: Result<[CertificateRevocationList], CertificateError>
    }

    private let issuers: [[UInt8]: [Issuer]]

    init(rules: IssuerRules) {
        let outcomes = rules.authorities.map { certificate in
            Issuer(
                certificate: certificate, path: rules.path(from: certificate),
                revocationLists: rules.revocationLists(of: certificate))
        }
        issuers = Dictionary(grouping: outcomes, by: \.certificate.subjectName)
    }

    /// The authority that has signed the certificate; where there are several (one key, two certificates), one with a
    /// good path.
    func issuer(of certificate: Certificate) throws(CertificateError) -> Issuer {
        guard let named = issuers[certificate.issuerName] else { throw .unknownIssuer(certificate.issuer) }
        let signers = named.filter { certificate.isSigned(by: $0.certificate) }
        guard let first = signers.first else { throw .badSignature(issuer: certificate.issuer) }
        return signers.first { (try? $0.path.get()) != nil } ?? first
    }
}

/// What holds for authorities: RFC 5280, 6.1, as far as it is needed where the anchors are given.
struct IssuerRules {
    /// The longest way to an anchor that is looked at.
    private static let maximumPathCount = 8

    let anchors: [Certificate]
    let intermediates: [Certificate]
    let revocation: CertificateValidator.Revocation
    let moment: Moment
    let minimum: RSAKeySize

    /// Anchors first; each once.
    var authorities: [Certificate] {
        var seen: Set<Certificate> = []
        return (anchors + intermediates).filter { seen.insert($0).inserted }
    }

    /// All checks of an authority and of those above it.
    func path(from authority: Certificate) -> Result<[Certificate], CertificateError> {
        Result { () throws(CertificateError) in
            let path = try path(from: authority, below: [])
            try Self.checkPathLengths(path)
            try OpenSSLPath.check(path)
            return path
        }
    }

    /// The newest lists of this authority, checked; none where lists are not asked for.
    func revocationLists(of authority: Certificate) -> Result<[CertificateRevocationList], CertificateError> {
        Result { () throws(CertificateError) in
            switch revocation {
            case .unchecked: return []
            case .lists(let lists):
                let newest = try newestLists(of: authority, among: lists)
                guard !newest.isEmpty else { throw .revocationListMissing(issuer: authority.subject) }
                return newest
            }
        }
    }

    /// - Parameter below: the authorities that led here, to find a circle.
    private func path(from authority: Certificate, below: [Certificate]) throws(CertificateError) -> [Certificate] {
        let isAnchor = anchors.contains(authority)
        do throws(CertificateError) {
            try check(authority, isAnchor: isAnchor)
        } catch {
            throw .issuer(authority.subject, error)
        }
        if isAnchor { return [authority] }
        let above = try issuers(of: authority, below: below + [authority])
        var fault = CertificateError.unknownIssuer(authority.issuer)
        for issuer in above {
            do throws(CertificateError) {
                let rest = try path(from: issuer, below: below + [authority])
                try checkNotRevoked(authority, issuer: issuer)
                return [authority] + rest
            } catch {
                fault = error
            }
        }
        throw fault
    }

    private func issuers(
        of authority: Certificate, below: [Certificate]
    ) throws(CertificateError) -> [Certificate] {
        let named = authorities.filter { $0.subjectName == authority.issuerName && !below.contains($0) }
        guard !named.isEmpty, below.count < Self.maximumPathCount else {
            throw .issuer(authority.subject, .unknownIssuer(authority.issuer))
        }
        let signers = named.filter { authority.isSigned(by: $0) }
        guard !signers.isEmpty else {
            throw .issuer(authority.subject, .badSignature(issuer: authority.issuer))
        }
        return signers
    }

    /// How an anchor is signed does not matter: it was trusted as it is.
    private func check(_ authority: Certificate, isAnchor: Bool) throws(CertificateError) {
        try authority.checkMayIssue()
        try authority.checkTime(moment)
        try authority.checkSize(minimum)
        try authority.checkCriticalExtensions()
        if !isAnchor { try authority.checkSignatureAlgorithm() }
    }

    /// An authority's own revocation is looked up where a list of its issuer was given; it need not be.
    private func checkNotRevoked(_ authority: Certificate, issuer: Certificate) throws(CertificateError) {
        guard case .lists(let lists) = revocation else { return }
        do throws(CertificateError) {
            let newest = try newestLists(of: issuer, among: lists)
            if let revoked = newest.revocation(of: authority) { throw .revoked(revoked) }
        } catch {
            throw .issuer(authority.subject, error)
        }
    }

    /// The newest lists of the issuer that can be used; none where there is none of it at all.
    ///
    /// Times are whole seconds, so there may be several of one time, and nobody can say which of them came last.
    private func newestLists(
        of issuer: Certificate, among lists: [CertificateRevocationList]
    ) throws(CertificateError) -> [CertificateRevocationList] {
        let named = lists.filter { $0.issuerName == issuer.subjectName }.sorted { $0.thisUpdate > $1.thisUpdate }
        var (newest, fault): ([CertificateRevocationList], CertificateError?) = ([], nil)
        for list in named where newest.allSatisfy({ $0.thisUpdate == list.thisUpdate }) {
            do throws(CertificateError) {
                try check(list, of: issuer)
                newest.append(list)
            } catch {
                fault = fault ?? error
            }
        }
        if newest.isEmpty, let fault { throw fault }
        return newest
    }

    private func check(_ list: CertificateRevocationList, of issuer: Certificate) throws(CertificateError) {
        guard issuer.maySignRevocationLists else {
            throw .revocationListUnusable("the key usage of \(issuer.subject) lacks cRLSign")
        }
        try list.checkSignature(of: issuer)
        try list.checkExtensions()
        try list.checkTime(moment)
    }

    /// RFC 5280, 4.2.1.9: how many authorities may follow, those that issued for themselves not counted.
    private static func checkPathLengths(_ path: [Certificate]) throws(CertificateError) {
        for (index, authority) in path.enumerated() {
            guard let allowed = authority.pathLength else { continue }
            let found = path[..<index].filter { !$0.isSelfIssued }.count
            guard found <= allowed else { throw .issuer(authority.subject, .pathTooLong(allowed: allowed)) }
        }
    }
}
