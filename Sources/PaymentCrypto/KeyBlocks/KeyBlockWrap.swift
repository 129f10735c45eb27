/// Key blocks of TR-31:2018 and X9.143:2021.
public enum KeyBlock {
    /// Wraps one key under a protection key; the header says in which version.
    ///
    /// Lengths, the number of optional blocks and the padding block are computed.
    ///
    /// - Throws: `.versionOnlyOpened` for A and C; `.unsuitableProtectionKey` where the version asks for another
    ///   cipher; `.weakerProtectionKey` by ``KeyStrength``; `.algorithmMismatch` where the header names another
    ///   algorithm than the key's; `.tooLong` past 9,999 characters.
    public static func wrap(
        _ key: borrowing SymmetricKey, header: KeyBlockHeader, under protection: KeyBlockProtection,
        lengthObfuscation: Bool = true
    ) throws(KeyBlockError) -> String {
        try checkMayWrap(key.effectiveAlgorithm, version: header.version, under: protection)
        guard header.algorithm == KeyBlockAlgorithm(key.algorithm) else {
            throw .algorithmMismatch(header: header.algorithm, key: key.algorithm)
        }
        let payload = KeyBlockPayload(key.algorithm, version: header.version, lengthObfuscation: lengthObfuscation)
        let column = KeyColumn(algorithm: key.algorithm, capacity: 1)
        column.append(key)
        let text = try headerText(header, following: payload.characterCount(header.version))
        do throws(EngineError) {
            let ciphers = try protection.makeCiphers(header.version, engine: OpenSSLEngine())
            return try complete(text, keys: column, ciphers: ciphers, payload: payload)
        } catch {
            throw .engine(error)
        }
    }

    /// The same under a key in this process's memory.
    public static func wrap(
        _ key: borrowing SymmetricKey, header: KeyBlockHeader, under protectionKey: borrowing SymmetricKey,
        lengthObfuscation: Bool = true
    ) throws(KeyBlockError) -> String {
        try wrap(
            key, header: header, under: KeyBlockProtection(copying: protectionKey),
            lengthObfuscation: lengthObfuscation)
    }

    /// The rules that hold before any key block is made: the version, its cipher, and strength.
    static func checkMayWrap(
        _ wrapped: KeyAlgorithm, version: KeyBlockVersion, under protection: KeyBlockProtection
    ) throws(KeyBlockError) {
        guard version.canBeMade else { throw .versionOnlyOpened(version) }
        guard version.isTDES == protection.algorithm.isTDES else {
            throw .unsuitableProtectionKey(version: version, found: protection.algorithm)
        }
        let wrapping = protection.effectiveAlgorithm
        guard KeyStrength.permits(wrapping: wrapped, under: wrapping) else {
            throw .weakerProtectionKey(wrapped: wrapped, under: wrapping)
        }
    }

    /// Completes one key block whose header is written out; known answers bring their own random bytes.
    static func complete(
        _ header: [UInt8], keys: KeyColumn, ciphers: KeyBlockCiphers, payload: KeyBlockPayload,
        random: any RandomSource = SystemRandom()
    ) throws(EngineError) -> String {
        let column = KeyBlockColumn(ciphers: ciphers, payload: payload, capacity: 1, random: random)
        var text = header + [UInt8](repeating: 0, count: payload.characterCount(ciphers.version))
        let (stride, length) = (text.count, header.count)
        let outcome = text.withUnsafeMutableBytes { texts in
            withUnsafePointer(to: length) { length in
                Result { () throws(EngineError) in
                    try column.complete(
                        texts: texts, stride: stride, headerLengths: UnsafeBufferPointer(start: length, count: 1),
                        keys: keys)
                }
            }
        }
        try outcome.get()
        return String(decoding: text, as: UTF8.self)
    }

    /// The header and its optional blocks as text, lengths and padding block computed.
    static func headerText(_ header: KeyBlockHeader, following: Int) throws(KeyBlockError) -> [UInt8] {
        let template = KeyBlockTemplate(header: header)
        let fill = SecretScratch(byteCount: KeyBlockTemplate.fillByteCount)
        do throws(EngineError) { try SystemRandom().fill(fill.bytes) } catch { throw .engine(error) }
        var text = [UInt8](repeating: 0, count: template.maximumLength(longestDeviceID: 0, longestLabel: 0))
        let length = try text.withUnsafeMutableBufferPointer { buffer throws(KeyBlockError) in
            guard let start = buffer.baseAddress else { return 0 }
            return try template.write(
                KeyBlockTemplate.Row(), to: start, following: following, fill: UnsafeRawBufferPointer(fill.bytes))
        }
        return Array(text[..<length])
    }
}
