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
            try entry.check(.sign)
            return entry
        case .exchange(let token): return try keyring.exchangeKey(token, .export, at: time)
        }
    }

    /// The sender of tokens, with its key out of the site or its token.
    public func sender(
        _ entry: RSAKeyEntry, in site: borrowing UnlockedSite, tokens: any TokenKeys
    ) throws -> TR34Sender {
        let chain = try site.certificateChain(of: entry)
        guard let certificate = chain.first else { throw FacilityError.internalFault("a chain without a certificate") }
        return try TR34Sender(
            profile: profile, signingKey: try site.signingKey(entry, tokens: tokens), certificate: certificate,
            revocationList: profile == .aws2012 ? nil : try revocationList ?? site.revocationList(of: certificate))
    }
}
