extension CertificateRevocationList {
    /// The newest list of a certificate's issuer, which must be in order and not have the certificate.
    ///
    /// - Parameter issuers: what is known of authorities; where the issuer is not among them, nobody can say who has
    ///   signed the list.
    public static func current(
        for certificate: Certificate, among lists: [CertificateRevocationList], issuers: [Certificate],
        at moment: Moment
    ) throws(CertificateError) -> CertificateRevocationList {
        let own = lists.filter { $0.issuerName == certificate.issuerName }.sorted { $0.thisUpdate > $1.thisUpdate }
        guard let newest = own.first else { throw .revocationListMissing(issuer: certificate.issuer) }
        if let issuer = issuers.first(where: { certificate.isIssued(by: $0) }) {
            guard issuer.maySignRevocationLists else {
                throw .revocationListUnusable("the key usage of \(issuer.subject) lacks cRLSign")
            }
            for list in own { try list.checkSignature(of: issuer) }
        }
        try newest.checkExtensions()
        try newest.checkTime(moment)
        if let revoked = own.revocation(of: certificate) { throw .revoked(revoked) }
        return newest
    }
}

extension [CertificateRevocationList] {
    /// When the certificate was revoked, if any of the lists has it.
    func revocation(of certificate: Certificate) -> Moment? {
        lazy.compactMap { $0.revocation(of: certificate) }.first
    }
}
