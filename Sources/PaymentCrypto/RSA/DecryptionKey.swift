import COpenSSL

/// An RSA key that receives other keys, in this process's memory.
public final class DecryptionKey: Sendable {
    /// The public part.
    public let publicKey: RSAPublicKey
    let handle: RSAKeyHandle

    /// Takes over a key.
    public init(_ key: consuming RSAPrivateKey) {
        publicKey = key.publicKey
        handle = key.handle
    }

    /// The message of a ciphertext of RSAES-OAEP, or nil: every failure looks alike, in constant time.
    ///
    /// A ciphertext is as long as the modulus, leading zeros included: see RFC 8017, 7.1.2, step 1, which OpenSSL's own
    /// command does not hold to.
    func decrypt(_ ciphertext: [UInt8], hash: OAEPHash) throws(EngineError) -> SecretBytes? {
        let padded = SecretScratch(byteCount: publicKey.modulusByteCount)
        guard ciphertext.count == padded.bytes.count else { return nil }
        guard try decryptRaw(ciphertext, into: padded.bytes) else { return nil }
        let message = SecretScratch(byteCount: padded.bytes.count)
        let count = Int(
            ipek_oaep_unpad(
                message.bytes.bindMemory(to: UInt8.self).baseAddress, Int32(message.bytes.count),
                padded.bytes.bindMemory(to: UInt8.self).baseAddress, Int32(padded.bytes.count), hash.algorithm))
        ERR_clear_error()
        guard count >= 0, count <= message.bytes.count else { return nil }
        return SecretBytes(copying: UnsafeRawBufferPointer(rebasing: message.bytes[..<count]))
    }

    /// RSADP (RFC 8017, 5.1.2); false where the number is not below the modulus.
    private func decryptRaw(
        _ ciphertext: [UInt8], into padded: UnsafeMutableRawBufferPointer
    ) throws(EngineError) -> Bool {
        let context = try handle.makeContext()
        guard EVP_PKEY_decrypt_init(context.pointer) == 1,
            EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_NO_PADDING) == 1
        else { throw EngineError.draining(.operationFailed("RSA decryption")) }
        defer { ERR_clear_error() }
        var count = padded.count
        let start = padded.bindMemory(to: UInt8.self).baseAddress
        return EVP_PKEY_decrypt(context.pointer, start, &count, ciphertext, ciphertext.count) == 1
            && count == padded.count
    }
}
