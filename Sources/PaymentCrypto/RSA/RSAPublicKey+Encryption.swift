import COpenSSL

extension RSAPublicKey {
    /// The most bytes that RSAES-OAEP takes: k - 2 hLen - 2 (RFC 8017, 7.1.1).
    func capacity(_ hash: OAEPHash) -> Int {
        modulusByteCount - 2 * (hash == .sha256 ? 32 : 64) - 2
    }

    /// A fresh ciphertext of RSAES-OAEP, as long as the modulus; the message must fit (see ``capacity(_:)``).
    func encrypt(_ message: UnsafeRawBufferPointer, hash: OAEPHash) throws(EngineError) -> [UInt8] {
        let padded = SecretScratch(byteCount: modulusByteCount)
        let start = padded.bytes.bindMemory(to: UInt8.self).baseAddress
        guard
            ipek_oaep_pad(
                start, Int32(padded.bytes.count), message.bindMemory(to: UInt8.self).baseAddress, Int32(message.count),
                hash.algorithm) == 1
        else { throw Self.encryptionFailure }
        let context = try handle.makeContext()
        var ciphertext = [UInt8](repeating: 0, count: modulusByteCount)
        var count = ciphertext.count
        guard EVP_PKEY_encrypt_init(context.pointer) == 1,
            EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_NO_PADDING) == 1,
            EVP_PKEY_encrypt(context.pointer, &ciphertext, &count, start, padded.bytes.count) == 1,
            count == ciphertext.count
        else { throw Self.encryptionFailure }
        return ciphertext
    }

    private static var encryptionFailure: EngineError { EngineError.draining(.operationFailed("RSA encryption")) }
}
