@_spi(Engine) internal import PaymentCrypto
internal import Synchronization

/// The two keys of one key block version, both in a token.
final class InsideKeys: Sendable {
    private let encryption: TokenKey
    private let authentication: TokenKey

    init(encryption: TokenKey, authentication: TokenKey) {
        self.encryption = encryption
        self.authentication = authentication
    }

    func makeCiphers(_ version: KeyBlockVersion) throws(EngineError) -> KeyBlockCiphers {
        let standard = KeyBlockVersion.standard(under: encryption.algorithm)
        guard version == standard else {
            throw EngineError(
                .notPermitted(
                    "keys '\(encryption.name)' and '\(authentication.name)' in the token are for key blocks of version "
                        + "\(standard), not \(version)"))
        }
        return try KeyBlockCiphers(
            version: version, encryption: encryption.makeEncryption(for: version),
            authentication: authentication.makeAuthentication())
    }
}

/// The two keys of each version that was asked for, derived once from a wrapping key in a token, in this process's
/// memory.
final class DerivedKeys: Sendable {
    private let key: TokenKey
    private let derived = Mutex<[KeyBlockVersion: Pair]>([:])

    private final class Pair: Sendable {
        let keys: KeyBlockKeys

        init(_ keys: consuming KeyBlockKeys) {
            self.keys = keys
        }
    }

    init(_ key: TokenKey) {
        self.key = key
    }

    func makeCiphers(_ version: KeyBlockVersion) throws(EngineError) -> KeyBlockCiphers {
        let pair = try pair(version)
        let engine = OpenSSLEngine()
        return try KeyBlockCiphers(
            version: version, encryption: .columns(engine.makeCipher(for: pair.keys.encryption)),
            authentication: .columns(engine.makeCipher(for: pair.keys.authentication)))
    }

    private func pair(_ version: KeyBlockVersion) throws(EngineError) -> Pair {
        let outcome = derived.withLock { derived in
            Result { () throws(EngineError) in
                if let pair = derived[version] { return pair }
                let pair = Pair(try key.deriveKeyBlockKeys(version))
                derived[version] = pair
                return pair
            }
        }
        return try outcome.get()
    }
}
