/// 128 bits by which a base derivation key is known for ever, whatever its name: they tell keys apart, not the key.
///
/// They are the encryption of fixed blocks that neither a derivation nor a check value uses. A two-key TDES key and the
/// same key written K1 K2 K1 have the same fingerprint, since they derive the same initial keys.
public struct KeyFingerprint: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    /// The fingerprint of a key.
    public init(_ key: borrowing SymmetricKey) throws(EngineError) {
        try self.init(cipher: OpenSSLEngine().makeCipher(for: key))
    }

    /// The fingerprint of a key that only a cipher knows.
    @_spi(Engine) public init(cipher: any BlockCipher) throws(EngineError) {
        let scratch = SecretScratch(byteCount: 16)
        scratch.bytes.copyBytes(from: cipher.blockByteCount == 8 ? Self.tdesBlocks : Self.aesBlock)
        try cipher.encrypt(scratch.bytes)
        bytes = Array(scratch.bytes)
    }

    /// Reads 32 hexadecimal digits; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text), bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Upper-case hexadecimal.
    public var description: String { Hexadecimal.text(bytes) }

    /// An initial key is the encryption of bytes 0 to 7 of a serial number, whose last five bits are zero by then
    /// (X9.24-1:2009 A.6); here they are set, in both blocks.
    private static let tdesBlocks = Array("ipekBDK".utf8) + [0x1F] + Array("ipekBDK".utf8) + [0x3F]
    /// AES derivation data begins with 01 (X9.24-3:2017 6.3.2), a check value's block with 00.
    private static let aesBlock = [0xFF] + Array("ipek fingerprint".utf8.prefix(15))
}
