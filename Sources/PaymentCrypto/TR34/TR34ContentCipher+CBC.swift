import COpenSSL

extension TR34ContentCipher {
    /// Encrypts whole blocks in CBC mode.
    func encrypt(
        _ plaintext: borrowing SecretBytes, key: borrowing SecretBytes, initialisationVector: [UInt8]
    ) throws(EngineError) -> [UInt8] {
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
        let result = plaintext.withExposedBytes { clear in
            ciphertext.withUnsafeMutableBytes { output in
                Result { () throws(EngineError) in
                    try run(clear, into: output, key: key, initialisationVector, encrypting: true)
                }
            }
        }
        try result.get()
        return ciphertext
    }

    /// Decrypts whole blocks in CBC mode; the padding is still there.
    func decrypt(
        _ ciphertext: [UInt8], key: borrowing SecretBytes, initialisationVector: [UInt8]
    ) throws(EngineError) -> SecretBytes {
        try SecretBytes(count: ciphertext.count) { memory throws(EngineError) in
            let result = ciphertext.withUnsafeBytes { input in
                Result { () throws(EngineError) in
                    try run(input, into: memory, key: key, initialisationVector, encrypting: false)
                }
            }
            try result.get()
        }
    }

    private func run(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, key: borrowing SecretBytes,
        _ initialisationVector: [UInt8], encrypting: Bool
    ) throws(EngineError) {
        guard let cipher = fetched.cipher else { throw EngineError.draining(.cipherUnavailable(fetched.name)) }
        let context = try CipherContext()
        // Without this check a wrong length would make OpenSSL read beyond the end.
        precondition(key.count == algorithm.byteCount && initialisationVector.count == blockByteCount)
        var written: Int32 = 0
        let isDone = key.withExposedBytes { key in
            EVP_CipherInit_ex2(
                context.pointer, cipher, key.bindMemory(to: UInt8.self).baseAddress, initialisationVector,
                encrypting ? 1 : 0, nil) == 1
                && EVP_CIPHER_CTX_set_padding(context.pointer, 0) == 1
                && EVP_CipherUpdate(
                    context.pointer, output.bindMemory(to: UInt8.self).baseAddress, &written,
                    input.bindMemory(to: UInt8.self).baseAddress, Int32(truncatingIfNeeded: input.count)) == 1
        }
        guard isDone, Int(written) == input.count, output.count == input.count else {
            throw EngineError.draining(.operationFailed("CBC"))
        }
    }

    private var fetched: Fetched {
        switch self {
        case .tdes3Key: Self.fetchedTDES
        case .aes128: Self.fetchedAES128
        case .aes256: Self.fetchedAES256
        }
    }

    /// Unchecked: a fetched EVP_CIPHER is immutable and counted by reference, and these are never freed.
    private struct Fetched: @unchecked Sendable {
        let name: String
        let cipher: OpaquePointer?

        init(_ name: String) {
            self.name = name
            cipher = EVP_CIPHER_fetch(nil, name, nil)
        }
    }

    private static let fetchedTDES = Fetched("DES-EDE3-CBC")
    private static let fetchedAES128 = Fetched("AES-128-CBC")
    private static let fetchedAES256 = Fetched("AES-256-CBC")
}
