extension KeyBlock {
    /// Wraps an RSA private key, as a PrivateKeyInfo in DER, in a block of version D.
    ///
    /// The header has algorithm R: usage S0 with mode S for a key that signs, K2 with mode D for one that receives keys.
    ///
    /// - Throws: `.unsuitablePrivateKeyHeader`, `.unsuitableProtectionKey`, `.tooLong`.
    public static func wrap(
        _ key: borrowing RSAPrivateKey, header: KeyBlockHeader, under protection: KeyBlockProtection
    ) throws(KeyBlockError) -> String {
        guard header.version == .d, header.algorithm == .rsa else {
            throw .unsuitablePrivateKeyHeader(version: header.version, algorithm: header.algorithm)
        }
        // Any AES key is as strong as any RSA key of up to 4096 bits, near enough: NIST SP 800-57 part 1, table 2.
        guard !protection.algorithm.isTDES else {
            throw .unsuitableProtectionKey(version: header.version, found: protection.algorithm)
        }
        let encoded: SecretBytes
        do throws(EngineError) { encoded = try key.encoded() } catch { throw .engine(error) }
        let payload = KeyBlockPayload(privateKeyByteCount: encoded.count, version: header.version)
        let text = try headerText(header, following: payload.characterCount(header.version))
        do throws(EngineError) {
            let ciphers = try protection.makeCiphers(header.version, engine: OpenSSLEngine())
            return try ciphers.seal(payload.clear(encoded), behind: text)
        } catch {
            throw .engine(error)
        }
    }
}

extension KeyBlockPayload {
    /// The payload with this key and random padding.
    fileprivate func clear(_ key: borrowing SecretBytes) throws(EngineError) -> SecretBytes {
        try SecretBytes(count: byteCount) { memory throws(EngineError) in
            try SystemRandom().fill(memory)
            key.withExposedBytes { write($0, to: memory) }
        }
    }
}

extension KeyBlockCiphers {
    /// Completes a block of version B or D: CMAC over header and payload, then CBC with the MAC before it.
    fileprivate func seal(_ payload: consuming SecretBytes, behind header: [UInt8]) throws(EngineError) -> String {
        let message = SecretScratch(byteCount: header.count + payload.count)
        message.bytes.copyBytes(from: header)
        let body = UnsafeMutableRawBufferPointer(rebasing: message.bytes[header.count...])
        payload.withExposedBytes { body.copyMemory(from: $0) }
        let mac = SecretScratch(byteCount: version.macByteCount)
        try authenticate(UnsafeRawBufferPointer(message.bytes), into: mac.bytes)
        switch encryption {
        case .chains(let cipher): try cipher.encrypt(body, initialisationVector: UnsafeRawBufferPointer(mac.bytes))
        case .columns(let cipher): try encrypt(body, cipher, initialisationVector: mac.bytes)
        }
        return String(decoding: header, as: UTF8.self) + Hexadecimal.text(body) + Hexadecimal.text(mac.bytes)
    }

    private func encrypt(
        _ payload: UnsafeMutableRawBufferPointer, _ cipher: any BlockCipher,
        initialisationVector: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        var before = UnsafeRawBufferPointer(initialisationVector)
        for start in stride(from: 0, to: payload.count, by: cipher.blockByteCount) {
            let block = UnsafeMutableRawBufferPointer(rebasing: payload[start..<start + cipher.blockByteCount])
            block.xor(before)
            try cipher.encrypt(block)
            before = UnsafeRawBufferPointer(block)
        }
    }
}

extension OpenedKeyBlock {
    /// The RSA private key, if the block holds one: algorithm R, and a PrivateKeyInfo in the form that ``KeyBlock`` writes.
    public consuming func takePrivateKey() throws(KeyBlockError) -> RSAPrivateKey {
        let algorithm = header.algorithm
        guard algorithm == .rsa else { throw .notPrivateKey(algorithm: algorithm) }
        let encoded = takeKeyBytes()
        let key: RSAPrivateKey?
        do throws(EngineError) { key = try RSAPrivateKey.decode(encoded) } catch { throw .engine(error) }
        guard let key else { throw .notPrivateKey(algorithm: algorithm) }
        return key
    }
}
