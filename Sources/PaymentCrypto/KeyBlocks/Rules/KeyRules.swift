/// What an authentic block shows about its key: its length, its strength, its check values.
enum KeyRules {
    /// Whether a key of this algorithm can have this many bytes at all.
    ///
    /// A TDES key of 8 bytes is single DES under a wrong letter: readable, and a matter for ``deviations``. TDES: NIST
    /// SP 800-67, 3.1. AES: FIPS 197, 5.
    static func isUsable(byteCount: Int, of algorithm: KeyBlockAlgorithm) -> Bool {
        switch algorithm {
        case .tdea: byteCount == 8 || symmetricAlgorithm(.tdea, byteCount: byteCount) != nil
        case .aes: symmetricAlgorithm(.aes, byteCount: byteCount) != nil
        case .dea: byteCount == 8
        default: true
        }
    }

    /// T or A with one of the usual lengths.
    static func symmetricAlgorithm(_ algorithm: KeyBlockAlgorithm, byteCount: Int) -> KeyAlgorithm? {
        guard algorithm == .tdea || algorithm == .aes else { return nil }
        return KeyAlgorithm(isTDES: algorithm == .tdea, byteCount: byteCount)
    }

    static func deviations(
        _ key: borrowing SecretBytes, block: UnverifiedKeyBlock, protection: KeyBlockProtection
    ) throws(KeyBlockError) -> [KeyBlockDeviation] {
        guard let comparable = comparableKey(key, block.header.algorithm) else {
            return CheckValueRules.unverifiable(block)
        }
        let found = [
            length(key.count, block.header), strength(comparable, byteCount: key.count, under: protection),
        ]
        do throws(EngineError) {
            return found.compactMap(\.self)
                + (try CheckValueRules.deviations(block, key: comparable, protection: protection))
        } catch {
            throw .engine(error)
        }
    }

    /// The key as one whose check values can be computed: a single DES key K does the same as the TDES key K K.
    private static func comparableKey(
        _ key: borrowing SecretBytes, _ algorithm: KeyBlockAlgorithm
    ) -> SymmetricKey? {
        let isTDES = algorithm == .tdea || algorithm == .dea
        guard isTDES || algorithm == .aes else { return nil }
        let repeats = isTDES && key.count == 8 ? 2 : 1
        guard let keyAlgorithm = KeyAlgorithm(isTDES: isTDES, byteCount: key.count * repeats) else { return nil }
        return key.withExposedBytes { source in
            SymmetricKey(algorithm: keyAlgorithm) { memory in
                for index in 0..<memory.count { memory[index] = source[index % source.count] }
            }
        }
    }

    private static func length(_ byteCount: Int, _ header: KeyBlockHeader) -> KeyBlockDeviation? {
        guard header.algorithm == .tdea else { return nil }
        if byteCount == 8 {
            return KeyBlockDeviation(.keyLength, .strictOnly, "expected a TDES key of 16 or 24 bytes, found 8")
        }
        // X9.24-1:2009, A.6: an initial key of TDES DUKPT is a double-length key. The same fault shows a maker that
        // counts padding into the key's length.
        guard header.keyUsage == .initialDUKPTKey, byteCount == 24 else { return nil }
        return KeyBlockDeviation(.keyLength, .strictOnly, "expected a TDES initial key of 16 bytes, found 24")
    }

    /// What arrives under a weaker key has been as weak as that key all along: taken, and said.
    private static func strength(
        _ key: borrowing SymmetricKey, byteCount: Int, under protection: KeyBlockProtection
    ) -> KeyBlockDeviation? {
        let (wrapped, wrapping) = (key.effectiveAlgorithm, protection.effectiveAlgorithm)
        guard byteCount > 8, !KeyStrength.permits(wrapping: wrapped, under: wrapping) else { return nil }
        return KeyBlockDeviation(
            .protectionKeyStrength, .note,
            "expected a protection key at least as strong as \(wrapped.reportName), found \(wrapping.reportName)")
    }
}
