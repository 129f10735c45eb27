extension KeyBlock {
    /// Opens a key block of any version, A to E.
    ///
    /// The authenticator is checked, in constant time, before anything of the clear text is looked at; then the key's
    /// length, then the rules. How long the padding is, is never judged.
    ///
    /// - Throws: `.wrongKeyOrAltered` for a wrong key and for an altered block alike.
    public static func open(
        _ text: some StringProtocol, under protection: KeyBlockProtection,
        strictness: KeyBlockStrictness = .strict
    ) throws(KeyBlockError) -> OpenedKeyBlock {
        try open(UnverifiedKeyBlock(text), under: protection, strictness: strictness)
    }

    /// The same under a key in this process's memory.
    public static func open(
        _ text: some StringProtocol, under protectionKey: borrowing SymmetricKey,
        strictness: KeyBlockStrictness = .strict
    ) throws(KeyBlockError) -> OpenedKeyBlock {
        try open(UnverifiedKeyBlock(text), under: KeyBlockProtection(copying: protectionKey), strictness: strictness)
    }

    /// The same under a key in this process's memory, for a block that was taken apart before.
    public static func open(
        _ block: UnverifiedKeyBlock, under protectionKey: borrowing SymmetricKey,
        strictness: KeyBlockStrictness = .strict
    ) throws(KeyBlockError) -> OpenedKeyBlock {
        try open(block, under: KeyBlockProtection(copying: protectionKey), strictness: strictness)
    }

    /// The same for a block that was taken apart before.
    public static func open(
        _ block: UnverifiedKeyBlock, under protection: KeyBlockProtection,
        strictness: KeyBlockStrictness = .strict
    ) throws(KeyBlockError) -> OpenedKeyBlock {
        let version = block.header.version
        guard version.isTDES == protection.algorithm.isTDES else {
            throw .unsuitableProtectionKey(version: version, found: protection.algorithm)
        }
        let payload = try authenticPayload(of: block, under: protection)
        let key = try wrappedKey(in: payload, of: block.header.algorithm)
        let found = try block.deviations + KeyRules.deviations(key, block: block, protection: protection)
        let accepted = try accept(found, strictness: strictness)
        return OpenedKeyBlock(header: block.header, key: key, deviations: accepted)
    }

    private static func authenticPayload(
        of block: UnverifiedKeyBlock, under protection: KeyBlockProtection
    ) throws(KeyBlockError) -> SecretBytes {
        let payload: SecretBytes?
        do throws(EngineError) {
            let ciphers = try protection.makeCiphers(block.header.version, engine: OpenSSLEngine())
            payload = try ciphers.authenticPayload(of: block)
        } catch {
            throw .engine(error)
        }
        guard let payload else { throw .wrongKeyOrAltered }
        return payload
    }

    /// The payload is the key's length in bits (2 bytes), the key, and padding.
    ///
    /// See ANSI X9.143:2021, 6.2, table 1.
    private static func wrappedKey(
        in payload: borrowing SecretBytes, of algorithm: KeyBlockAlgorithm
    ) throws(KeyBlockError) -> SecretBytes {
        try payload.withExposedBytes { clear throws(KeyBlockError) in
            guard clear.count > 2 else { throw .unusableKeyLength(bits: 0, algorithm: algorithm) }
            let bits = Int(clear[0]) << 8 | Int(clear[1])
            let byteCount = bits / 8
            guard bits.isMultiple(of: 8), byteCount > 0, byteCount <= clear.count - 2,
                KeyRules.isUsable(byteCount: byteCount, of: algorithm)
            else { throw .unusableKeyLength(bits: bits, algorithm: algorithm) }
            return SecretBytes(copying: UnsafeRawBufferPointer(rebasing: clear[2..<2 + byteCount]))
        }
    }

    /// The deviations that this strictness lets pass, or the worst of them as an error.
    private static func accept(
        _ deviations: [KeyBlockDeviation], strictness: KeyBlockStrictness
    ) throws(KeyBlockError) -> [KeyBlockDeviation] {
        let refused: KeyBlockDeviation.Severity = strictness == .strict ? .strictOnly : .always
        let worst = deviations.map(\.severity).max() ?? .note
        if worst >= refused, let deviation = deviations.first(where: { $0.severity == worst }) {
            throw .ruleBroken(deviation)
        }
        return deviations
    }
}
