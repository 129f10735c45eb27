/// One key, ready to work on columns of many blocks in one call.
///
/// The seam of this module: OpenSSL, a PKCS#11 token and a fast engine all serve it, and must give the same bytes. A
/// cipher has one owner at a time (a worker), and may keep state between calls.
@_spi(Engine) public protocol BlockCipher: AnyObject {
    /// Bytes in a block: 8 (TDES) or 16 (AES).
    var blockByteCount: Int { get }

    /// Encrypts each block of `column` by itself (ECB), in place; its length is a whole number of blocks.
    func encrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError)

    /// Decrypts each block of `column` by itself (ECB), in place; its length is a whole number of blocks.
    func decrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError)
}

/// Whole CMACs (NIST SP 800-38B), for a key that may authenticate but not encrypt; a call for every message.
///
/// One owner at a time.
@_spi(Engine) public protocol MessageAuthenticator: AnyObject {
    /// Bytes in an authenticator: 8 (TDES) or 16 (AES).
    var macByteCount: Int { get }

    /// Writes the CMAC over `message`; `mac` has ``macByteCount`` bytes.
    func authenticate(
        _ message: UnsafeRawBufferPointer, into mac: UnsafeMutableRawBufferPointer
    ) throws(EngineError)
}

/// CBC without padding, for a key that knows no ECB; a call for every payload.
///
/// One owner at a time.
@_spi(Engine) public protocol ChainCipher: AnyObject {
    /// Encrypts whole blocks in place; the initialisation vector is a block.
    func encrypt(
        _ payload: UnsafeMutableRawBufferPointer, initialisationVector: UnsafeRawBufferPointer
    ) throws(EngineError)

    /// Decrypts whole blocks in place; the initialisation vector is a block.
    func decrypt(
        _ payload: UnsafeMutableRawBufferPointer, initialisationVector: UnsafeRawBufferPointer
    ) throws(EngineError)
}

/// Check values of many keys, one fresh key per row; one owner at a time.
@_spi(Engine) public protocol CheckValueCipher: AnyObject {
    /// Writes the whole check value block of each key, one after the other.
    ///
    /// - Parameters:
    ///   - keys: key r begins at byte r x `stride`.
    ///   - blocks: as many blocks of the cipher's size as there are keys.
    func checkBlocks(
        _ method: CheckValueMethod, keys: UnsafeRawBufferPointer, stride: Int,
        into blocks: UnsafeMutableRawBufferPointer
    ) throws(EngineError)
}

/// What makes ciphers out of keys.
@_spi(Engine) public protocol CipherEngine: Sendable {
    /// A cipher for one key and one owner.
    func makeCipher(for key: borrowing SymmetricKey) throws(EngineError) -> any BlockCipher

    /// A cipher for the check values of many keys of this algorithm.
    func makeCheckValueCipher(for algorithm: KeyAlgorithm) throws(EngineError) -> any CheckValueCipher
}
