public import PaymentCrypto

/// Where a key of the keyring is.
public enum KeyPlace: Sendable, Equatable {
    /// In the keyring itself, as a key block under the master key.
    case keyring
    /// In a PKCS#11 token, which does not give it out.
    case token(TokenLocation)
}

/// The objects of a token that stand for one key, as PKCS#11 URIs (RFC 7512); text here, since this module has no tokens.
public struct TokenLocation: Codable, Sendable, Equatable {
    /// The key itself.
    public var uri: String
    /// A TDES base derivation key's variant, which derives the right halves.
    public var variant: String?
    /// A wrapping key's derived key that encrypts key blocks; without it that key is in this process's memory.
    public var encryption: String?
    /// A wrapping key's derived key that authenticates key blocks; without it that key is in this process's memory.
    public var authentication: String?

    /// CMAC check values of the keys beside the key itself, by what they are: another key in their place is found out.
    public var checkValues: [String: String]?

    enum CodingKeys: String, CodingKey {
        case uri, variant, encryption
        case authentication = "mac"
        case checkValues = "kcv"
    }

    /// The keys beside the key itself, by what they are.
    public var companions: [(role: String, uri: String)] {
        [("variant", variant), ("encryption", encryption), ("mac", authentication)].compactMap { role, uri in
            uri.map { (role, $0) }
        }
    }

    /// The objects of one key.
    public init(uri: String, variant: String? = nil, encryption: String? = nil, authentication: String? = nil) {
        self.uri = uri
        self.variant = variant
        self.encryption = encryption
        self.authentication = authentication
    }
}

extension KeyringEntry {
    /// The one version of key block that a wrapping key in a token makes; nil where it makes every one of its cipher.
    ///
    /// The two keys that are derived from it are for one version only, and those that stay in the token are for this one.
    public var onlyKeyBlockVersion: KeyBlockVersion? {
        guard case .token(let location) = place, location.encryption != nil else { return nil }
        return .standard(under: algorithm)
    }
}
