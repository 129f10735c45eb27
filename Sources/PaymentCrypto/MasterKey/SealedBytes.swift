import COpenSSL

/// Secret bytes under AES-256-GCM, as they lie in a file: nonce, ciphertext and tag.
///
/// GCM and not a key block, because what is sealed is bound to text beside it (which custodians, which cost) and a key
/// block has no place for that. See NIST SP 800-38D, clause 7.
public struct SealedBytes: Hashable, Sendable, CustomStringConvertible {
    static let nonceByteCount = 12
    static let tagByteCount = 16

    private let bytes: [UInt8]

    /// Reads hexadecimal digits; nil where there are too few for a nonce and a tag.
    public init?(_ text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text), bytes.count > Self.nonceByteCount + Self.tagByteCount else {
            return nil
        }
        self.bytes = bytes
    }

    /// Seals `secret` and the associated text together, under a nonce of its own.
    init(
        sealing secret: UnsafeRawBufferPointer, under key: UnsafeRawBufferPointer, associated: [UInt8]
    ) throws(EngineError) {
        var bytes = [UInt8](repeating: 0, count: Self.nonceByteCount + secret.count + Self.tagByteCount)
        let context = try CipherContext()
        let sealed = bytes.withUnsafeMutableBytes { output in
            Result { () throws(EngineError) in
                let (nonce, text, tag) = Self.parts(output)
                try SystemRandom().fill(nonce)
                try Self.encrypt(
                    context, key: key, nonce: nonce, associated: associated, from: secret, to: text, tag: tag)
            }
        }
        try sealed.get()
        self.bytes = bytes
    }

    /// The secret, or nil under another key or with other text beside it; the length must be as expected.
    func open(count: Int, under key: UnsafeRawBufferPointer, associated: [UInt8]) throws(EngineError) -> SecretBytes? {
        guard bytes.count == Self.nonceByteCount + count + Self.tagByteCount else { return nil }
        var copy = bytes
        let context = try CipherContext()
        var isGenuine = false
        let secret = SecretBytes(count: count) { output in
            copy.withUnsafeMutableBytes { input in
                let (nonce, text, tag) = Self.parts(input)
                output.copyMemory(from: UnsafeRawBufferPointer(text))
                isGenuine = Self.decrypt(
                    context, key: key, nonce: nonce, associated: associated, text: output, tag: tag)
            }
        }
        guard isGenuine else { return nil }
        return secret
    }

    /// Upper-case hexadecimal.
    public var description: String { Hexadecimal.text(bytes) }

    private typealias Part = UnsafeMutableRawBufferPointer

    private static func parts(_ bytes: Part) -> (nonce: Part, text: Part, tag: Part) {
        let end = bytes.count - tagByteCount
        return (
            Part(rebasing: bytes[..<nonceByteCount]), Part(rebasing: bytes[nonceByteCount..<end]),
            Part(rebasing: bytes[end...])
        )
    }

    private static func encrypt(
        _ context: borrowing CipherContext, key: UnsafeRawBufferPointer, nonce: Part, associated: [UInt8],
        from secret: UnsafeRawBufferPointer, to text: Part, tag: Part
    ) throws(EngineError) {
        let start = text.bindMemory(to: UInt8.self).baseAddress
        var count: Int32 = 0
        guard key.count == 32,
            EVP_EncryptInit_ex2(context.pointer, EVP_aes_256_gcm(), self.start(of: key), self.start(of: nonce), nil)
                == 1,
            EVP_EncryptUpdate(context.pointer, nil, &count, associated, Int32(associated.count)) == 1,
            EVP_EncryptUpdate(context.pointer, start, &count, self.start(of: secret), Int32(secret.count)) == 1,
            EVP_EncryptFinal_ex(context.pointer, start, &count) == 1,
            EVP_CIPHER_CTX_ctrl(context.pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), tag.baseAddress) == 1
        else { throw EngineError.draining(.operationFailed("sealing")) }
    }

    private static func decrypt(
        _ context: borrowing CipherContext, key: UnsafeRawBufferPointer, nonce: Part, associated: [UInt8], text: Part,
        tag: Part
    ) -> Bool {
        let start = text.bindMemory(to: UInt8.self).baseAddress
        var count: Int32 = 0
        let isGenuine =
            key.count == 32
            && EVP_DecryptInit_ex2(context.pointer, EVP_aes_256_gcm(), self.start(of: key), self.start(of: nonce), nil)
                == 1
            && EVP_DecryptUpdate(context.pointer, nil, &count, associated, Int32(associated.count)) == 1
            && EVP_DecryptUpdate(context.pointer, start, &count, start, Int32(text.count)) == 1
            && EVP_CIPHER_CTX_ctrl(context.pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), tag.baseAddress) == 1
            && EVP_DecryptFinal_ex(context.pointer, start, &count) == 1
        ERR_clear_error()
        return isGenuine
    }

    private static func start(of bytes: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
        bytes.bindMemory(to: UInt8.self).baseAddress
    }

    private static func start(of bytes: Part) -> UnsafePointer<UInt8>? {
        start(of: UnsafeRawBufferPointer(bytes))
    }
}
