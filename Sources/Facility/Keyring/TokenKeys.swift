public import PaymentCrypto

/// Opens keys that stay in a token; the executable brings it, since this module has no tokens.
public protocol TokenKeys: Sendable {
    /// Logs in to the token that has a key, so that nobody is asked for a PIN, or refused, long after the start.
    func prepare(_ entry: KeyringEntry, at location: TokenLocation) throws

    /// A base derivation key.
    func baseKey(_ entry: KeyringEntry, at location: TokenLocation) throws -> BaseKeySource

    /// A key that wraps or opens key blocks.
    func protection(_ entry: KeyringEntry, at location: TokenLocation) throws -> KeyBlockProtection

    /// An RSA key that signs, shared by any number of workers.
    func signingKey(_ entry: RSAKeyEntry, at uri: String) throws -> SigningKey
}

/// For programs without tokens: every key in one is refused.
public struct NoTokens: TokenKeys {
    /// There is nothing to set up.
    public init() {}

    /// Refuses.
    public func prepare(_ entry: KeyringEntry, at location: TokenLocation) throws {
        throw Self.refusal(entry.name)
    }

    /// Refuses.
    public func baseKey(_ entry: KeyringEntry, at location: TokenLocation) throws -> BaseKeySource {
        throw Self.refusal(entry.name)
    }

    /// Refuses.
    public func protection(_ entry: KeyringEntry, at location: TokenLocation) throws -> KeyBlockProtection {
        throw Self.refusal(entry.name)
    }

    /// Refuses.
    public func signingKey(_ entry: RSAKeyEntry, at uri: String) throws -> SigningKey {
        throw Self.refusal(entry.name)
    }

    private static func refusal(_ name: KeyName) -> FacilityError {
        .engine(EngineError(.tokenUnavailable("key '\(name)' is in a token, and this program works without tokens")))
    }
}

extension KeyringEntry {
    /// Logs in to the key's token, if it is in one.
    public func prepare(_ tokens: any TokenKeys) throws {
        guard case .token(let location) = place else { return }
        try tokens.prepare(self, at: location)
    }
}

extension UnlockedSite {
    /// A base derivation key wherever it is; refused where its header does not permit that.
    public func baseKey(_ entry: KeyringEntry, tokens: any TokenKeys) throws -> BaseKeySource {
        try FacilityError.converting { try entry.check(.baseDerivation) }
        guard case .token(let location) = entry.place else {
            return BaseKeySource(try FacilityError.converting { try BaseDerivationKey(try open(entry)) })
        }
        return try tokens.baseKey(entry, at: location)
    }

    /// A key that wraps or opens key blocks wherever it is; refused where its header does not permit the role.
    public func protection(
        _ entry: KeyringEntry, for role: KeyRole, tokens: any TokenKeys
    ) throws -> KeyBlockProtection {
        try FacilityError.converting { try entry.check(role) }
        try checkSize(of: entry)
        guard case .token(let location) = entry.place else { return KeyBlockProtection(try open(entry)) }
        return try tokens.protection(entry, at: location)
    }

    /// Refuses a key from the keyring on a production site that was not set to allow it.
    public func checkMayProvision(with entry: KeyringEntry) throws(FacilityError) {
        guard entry.place == .keyring, site.environment == .production, !site.settings.allowSoftwareKeys else {
            return
        }
        throw .policy(.softwareKeys)
    }
}
