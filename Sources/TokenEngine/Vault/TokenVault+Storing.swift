@_spi(Engine) public import PaymentCrypto

/// What a key is put into a token for; it decides what it may do there and which other objects it needs.
public enum TokenPurpose: Sendable, Equatable {
    /// Derives initial keys; a TDES key gets its variant beside it.
    case baseDerivation
    /// Wraps key blocks; gets the two keys beside it that are derived from it for version B (TDES) or D (AES).
    case wrapping
    /// Anything else: it may encrypt, so that its check value can be computed.
    case other
}

/// The objects that stand for one key in a token, each named by label and identifier.
public struct StoredTokenKey: Sendable, Equatable {
    /// The key itself.
    public let uri: TokenURI
    /// A TDES base derivation key's variant.
    public let variant: TokenURI?
    /// A wrapping key's derived key that encrypts.
    public let encryption: TokenURI?
    /// A wrapping key's derived key that authenticates.
    public let authentication: TokenURI?

    /// All that there is, the key itself last.
    var all: [TokenURI] { [variant, encryption, authentication].compactMap(\.self) + [uri] }
}

extension TokenVault {
    /// Puts a key, and the objects that it needs, into the token as sensitive, not extractable and not modifiable.
    ///
    /// The key's label is the URI's `object`; its identifier is the URI's `id`, or eight random bytes. Each object gets
    /// the least permissions that do, is checked by computing a check value with it, and is removed again when a later
    /// one fails.
    ///
    /// - Throws: `.objectExists` where one of the labels or identifiers is taken.
    public func store(
        _ key: borrowing SymmetricKey, as purpose: TokenPurpose, at uri: TokenURI
    ) throws -> StoredTokenKey {
        guard let label = uri.object, !label.isEmpty else { throw TokenError.noObject }
        guard (uri.type ?? .secretKey) == .secretKey else {
            throw TokenError.wrongType(expected: "secret-key", found: uri.type?.rawValue ?? "")
        }
        let writer = try ObjectWriter(openToken(uri), uri, label: label)
        do {
            switch purpose {
            case .baseDerivation: return try writer.writeBaseKey(key)
            case .wrapping: return try writer.writeWrappingKey(key)
            case .other: return try writer.writeOtherKey(key)
            }
        } catch {
            writer.removeAll()
            throw error
        }
    }

    /// Removes what ``store(_:as:at:)`` made, for a caller whose own next step failed.
    public func remove(_ stored: StoredTokenKey) throws {
        for uri in stored.all {
            let token = try openToken(uri)
            try ObjectWriter.remove(KeySearch(token: token).key(uri), from: token)
        }
    }

    /// Whether two keys in a token are the ones that are derived from a wrapping key in a token.
    ///
    /// To know that, they are derived once more, in this process's memory: for the day on which keys are attached.
    ///
    /// - Throws: `.wrongCheckValue` where one is not; an `EngineError` where the wrapping key may neither sign nor
    ///   encrypt.
    public func checkDerivedKeys(
        of uri: TokenURI, encryption: TokenURI, authentication: TokenURI, algorithm: KeyAlgorithm
    ) throws {
        let derived = try openKey(uri, algorithm: algorithm).deriveKeyBlockKeys(.standard(under: algorithm))
        try openKey(encryption, algorithm: algorithm).check(against: derived.encryption)
        try openKey(authentication, algorithm: algorithm).check(against: derived.authentication)
    }
}

extension TokenKey {
    /// Compares check values; a key that only makes CMACs has one of those.
    func check(against key: borrowing SymmetricKey) throws {
        let method: CheckValueMethod = facts.may("ENCRYPT") ? .legacy : .cmac
        let (expected, found) = try (key.checkValue(method), checkValue(method))
        guard expected == found else {
            throw TokenError.wrongCheckValue(key: name, expected: "\(expected)", found: "\(found)")
        }
    }
}
