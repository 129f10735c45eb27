/// A key by itself under somebody's RSA key: what AWS calls a key cryptogram.
///
/// RSAES-OAEP over the key's bytes and nothing else: no header, no length, no word on who made it. The receiver has to
/// know the algorithm, and to compare the check value.
public enum KeyCryptogram {
    /// Wraps a key; as many bytes come out as the modulus has, and other ones every time.
    ///
    /// - Throws: `.weakerKey` by ``KeyStrength/permits(wrapping:underRSA:)``.
    public static func wrap(
        _ key: borrowing SymmetricKey, under publicKey: RSAPublicKey, hash: OAEPHash
    ) throws(KeyCryptogramError) -> [UInt8] {
        let wrapped = key.effectiveAlgorithm
        guard KeyStrength.permits(wrapping: wrapped, underRSA: publicKey.bitCount) else {
            throw .weakerKey(wrapped: wrapped, bitCount: publicKey.bitCount)
        }
        do throws(EngineError) {
            return try key.bytes.withExposedBytes { (bytes) throws(EngineError) in
                try publicKey.encrypt(bytes, hash: hash)
            }
        } catch {
            throw .engine(error)
        }
    }

    /// Opens a cryptogram that is to have a key of this algorithm.
    ///
    /// A key that comes under a weaker one is taken: whoever keeps it asks ``KeyStrength/permits(wrapping:underRSA:)``
    /// and says so. AES-192 and AES-256 do not travel this way at all.
    ///
    /// - Throws: `.notCarried`; `.wrongLength` where it is not as long as the modulus; `.wrongKeyOrAltered` for
    ///   everything that only decryption shows.
    public static func open(
        _ cryptogram: [UInt8], with key: DecryptionKey, hash: OAEPHash, as algorithm: KeyAlgorithm
    ) throws(KeyCryptogramError) -> SymmetricKey {
        guard KeyStrength.permits(wrapping: algorithm, underRSA: RSAKeySize.rsa4096.bitCount) else {
            throw .notCarried(algorithm)
        }
        let expected = key.publicKey.modulusByteCount
        guard cryptogram.count == expected else { throw .wrongLength(expected: expected, found: cryptogram.count) }
        let message: SecretBytes?
        do throws(EngineError) { message = try key.decrypt(cryptogram, hash: hash) } catch { throw .engine(error) }
        guard let message, let opened = SymmetricKey(algorithm: algorithm, bytes: message) else {
            throw .wrongKeyOrAltered(algorithm)
        }
        return opened
    }
}
