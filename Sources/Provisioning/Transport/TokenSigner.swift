public import Facility
public import PaymentCrypto

/// Who signs TR-34 tokens, and in which form.
public struct TokenSigner: Sendable {
    /// A signing key of the site by its name, or that of an exchange by its export token.
    public enum Key: Sendable {
        case named(KeyName)
        case exchange(KeyName)
    }

    /// The key.
    public var key: Key
    /// The form of the tokens.
    public var profile: TR34Profile
    /// The list of the signer's authority, for the forms that carry one; nil: the site's own, where it issued the certificate.
    public var revocationList: CertificateRevocationList?
    /// A certificate of the key other than the one that the site has for it.
    public var certificate: Certificate?

    /// A key that signs tokens of one form.
    public init(_ key: Key, profile: TR34Profile = .aws2012, revocationList: CertificateRevocationList? = nil) {
        (self.key, self.profile, self.revocationList) = (key, profile, revocationList)
    }

    /// The signing key as the keyring has it, fit to sign at this time.
    ///
    /// - Throws: `FacilityError` for a key that is missing, retired, for something else, or of an exchange that is over.
    public func entry(in keyring: Keyring, at time: Moment) throws -> RSAKeyEntry {
        switch key {
        case .named(let name):
            let entry = try keyring.rsaKey(name)
            try entry.check(.sign, at: time)
            return entry
        case .exchange(let token): return try keyring.exchange(token, .export, .tr34, at: time)
        }
    }

    /// The sender of tokens, with its key out of the site or its token.
    ///
    /// - Parameter operators: whose doing it is where the site has to issue a certificate first.
    public func sender(
        _ entry: RSAKeyEntry, in site: borrowing UnlockedSite, tokens: any TokenKeys, operators: [OperatorName]
    ) throws -> TR34Sender {
        let key = try site.signingKey(entry, tokens: tokens)
        let issued = try site.certificateChain(of: entry, operators: operators).first
        guard let certificate = certificate ?? issued else {
            throw FacilityError.internalFault("a chain without a certificate")
        }
        try check(certificate, at: .now)
        return try TR34Sender(
            profile: profile, signingKey: key, certificate: certificate,
            revocationList: try list(of: entry.name, in: site, operators))
    }

    /// No receiver takes a token whose signer's certificate has run out.
    private func check(_ certificate: Certificate, at time: Moment) throws {
        guard time >= certificate.notBefore else {
            throw CertificateError.notYetValid(notBefore: certificate.notBefore)
        }
        guard time <= certificate.notAfter else { throw CertificateError.expired(notAfter: certificate.notAfter) }
    }

    private func list(
        of name: KeyName, in site: borrowing UnlockedSite, _ operators: [OperatorName]
    ) throws -> CertificateRevocationList? {
        guard profile.carriesRevocationList else { return nil }
        // The certificate may be one that was issued just now.
        return try revocationList ?? site.revocationList(of: site.keyring().rsaKey(name), operators: operators)
    }
}
