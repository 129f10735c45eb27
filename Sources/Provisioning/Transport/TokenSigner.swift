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
    /// Lists, with that of the signer's authority, for the forms that carry one; none: the site's own, where it issued the
    /// certificate.
    public var revocationLists: [CertificateRevocationList]
    /// A certificate of the key other than the one that the site has for it.
    public var certificate: Certificate?

    /// A key that signs tokens of one form.
    public init(_ key: Key, profile: TR34Profile = .aws2012, revocationLists: [CertificateRevocationList] = []) {
        (self.key, self.profile, self.revocationLists) = (key, profile, revocationLists)
    }

    /// The signing key as the keyring has it, fit to sign at this time, and its certificate and lists with it.
    ///
    /// - Throws: `FacilityError` for a key that is missing, retired, for something else, or of an exchange that is over,
    ///   and for a certificate that no receiver would take.
    public func entry(in keyring: Keyring, at time: Moment) throws -> RSAKeyEntry {
        let entry = try namedEntry(in: keyring, at: time)
        let own = entry.needsCertificate(at: time) ? nil : entry.certificate
        if let certificate = certificate ?? own { _ = try list(for: certificate, entry, in: keyring, at: time) }
        return entry
    }

    private func namedEntry(in keyring: Keyring, at time: Moment) throws -> RSAKeyEntry {
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
        // The certificate may be one that was issued just now.
        let current = try site.keyring().rsaKey(entry.name)
        let given = try list(for: certificate, current, in: site.keyring(), at: .now)
        let list =
            profile.carriesRevocationList
            ? try given ?? site.revocationList(of: current, operators: operators) : nil
        return try TR34Sender(profile: profile, signingKey: key, certificate: certificate, revocationList: list)
    }

    /// Whether tokens leave without the list that their form has room for.
    public func lacksRevocationList(_ entry: RSAKeyEntry) -> Bool {
        profile.carriesRevocationList && revocationLists.isEmpty && !entry.isIssuedByOwnAuthority
            && entry.certificate != nil
    }

    /// The list that goes along, if one was given.
    ///
    /// No receiver takes a token whose signer's certificate has run out or was revoked.
    private func list(
        for certificate: Certificate, _ entry: RSAKeyEntry, in keyring: Keyring, at time: Moment
    ) throws -> CertificateRevocationList? {
        do throws(CertificateError) {
            try certificate.checkTime(time)
            guard !revocationLists.isEmpty else { return nil }
            let anchors = keyring.anchors(for: .kdh).flatMap { [$0.certificate] + $0.intermediates }
            return try .current(
                for: certificate, among: revocationLists, issuers: entry.chain.dropFirst() + anchors, at: time)
        } catch {
            throw HeldCertificateError(holder: .signingKey(entry.name), error: error)
        }
    }
}
