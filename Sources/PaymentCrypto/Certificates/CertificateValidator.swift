/// Says whether a key may be wrapped for a certificate's holder, or a signature be believed.
///
/// Everything about authorities is checked once, when this is made; then each certificate by itself. One fault, one
/// error. Usable by many threads at once. See RFC 5280, 6, and ANSI X9 TR-34.
public final class CertificateValidator: Sendable {
    /// What is known about certificates that were called back.
    public enum Revocation: Sendable {
        /// Lists; that of a certificate's own issuer has to be among them.
        case lists([CertificateRevocationList])
        /// Nothing: somebody decided to do without.
        case unchecked
    }

    private let issuers: IssuerDirectory
    private let purpose: CertificatePurpose
    private let requiresKeyUsage: Bool
    private let moment: Moment
    private let minimum: RSAKeySize

    /// - Parameters:
    ///   - anchors: authorities that are trusted as they are, self-signed or not; each for one role, so a KDH's is none
    ///     for a KRD.
    ///   - intermediates: authorities that are good for as much as the way from them to an anchor.
    ///   - revocation: a list that is out of date, or not the issuer's, is a fault like a missing one.
    ///   - purpose: what the key usage has to allow.
    ///   - requiresKeyUsage: whether a certificate without any key usage is refused.
    ///   - moment: when everything has to be valid.
    ///   - minimum: the smallest RSA key, of authorities too.
    public init(
        anchors: [Certificate], intermediates: [Certificate], revocation: Revocation, purpose: CertificatePurpose,
        requiresKeyUsage: Bool = true, at moment: Moment, minimum: RSAKeySize = .rsa2048
    ) throws(CertificateError) {
        guard !anchors.isEmpty else { throw .noAnchor }
        issuers = IssuerDirectory(
            rules: IssuerRules(
                anchors: anchors, intermediates: intermediates, revocation: revocation, moment: moment,
                minimum: minimum))
        (self.purpose, self.requiresKeyUsage) = (purpose, requiresKeyUsage)
        (self.moment, self.minimum) = (moment, minimum)
    }

    /// Checks one certificate.
    ///
    /// - Returns: the path: the certificate first, the anchor last.
    @discardableResult
    public func validate(_ leaf: Certificate) throws(CertificateError) -> [Certificate] {
        try checkItself(leaf)
        let issuer = try issuers.issuer(of: leaf)
        let path = try [leaf] + issuer.path.get()
        if let revoked = try issuer.revocationLists.get().revocation(of: leaf) { throw .revoked(revoked) }
        // The one rule of authorities that cannot be checked without the leaf.
        if path.contains(where: \.hasNameConstraints) { try OpenSSLPath.check(path) }
        return path
    }

    /// What needs nobody else's certificate.
    private func checkItself(_ leaf: Certificate) throws(CertificateError) {
        if leaf.isSelfIssued, leaf.isSigned(by: leaf) { throw .selfSigned }
        if leaf.isAuthority { throw .leafIsAuthority }
        try leaf.checkTime(moment)
        try leaf.checkSize(minimum)
        try leaf.checkUsage(purpose, isRequired: requiresKeyUsage)
        try leaf.checkCriticalExtensions()
        try leaf.checkSignatureAlgorithm()
    }
}
