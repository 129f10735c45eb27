import Testing

@testable import PaymentCrypto

/// The table of key strengths (AWS user guide, 'Importing and exporting keys'; PCI PIN v3.1, Normative Annex C).
@Suite("A key is never wrapped under a weaker one")
struct KeyStrengthTests {
    /// Rows are what is wrapped, columns what wraps it: TDES with two and three keys, AES-128, AES-192, AES-256.
    private static let table: [(KeyAlgorithm, [Bool])] = [
        (.tdes2Key, [true, true, true, true, true]),
        (.tdes3Key, [false, true, true, true, true]),
        (.aes128, [false, false, true, true, true]),
        (.aes192, [false, false, false, true, true]),
        (.aes256, [false, false, false, false, true]),
    ]

    private static let columns: [KeyAlgorithm] = [.tdes2Key, .tdes3Key, .aes128, .aes192, .aes256]

    @Test("every pair", arguments: table.indices, columns.indices)
    func pairs(row: Int, column: Int) throws {
        let (wrapped, permissions) = Self.table[row]
        let wrapping = Self.columns[column]
        #expect(KeyStrength.permits(wrapping: wrapped, under: wrapping) == permissions[column])
        let key = SymmetricKey.seeded(wrapped, 1)
        for version in KeyBlockVersion.allCases where version.canBeMade && version.isTDES == wrapping.isTDES {
            let kbpk = SymmetricKey.seeded(wrapping, 2)
            if permissions[column] {
                let text = try KeyBlock.wrap(key, header: header(version, wrapped), under: kbpk)
                let isSame = try KeyBlock.open(text, under: kbpk).takeKey().isEqual(to: key)
                #expect(isSame)
            } else {
                #expect(throws: KeyBlockError.weakerProtectionKey(wrapped: wrapped, under: wrapping)) {
                    try KeyBlock.wrap(key, header: header(version, wrapped), under: kbpk)
                }
            }
        }
    }

    private static let first = "0123456789ABCDEF"
    private static let second = "FEDCBA9876543210"
    private static let third = "89ABCDEF01234567"

    /// A three-key TDES key whose third part is the first one, with the same and with other parity bits.
    private static let disguised = [first + second + first, first + second + "0022446688AACCEE"]

    @Test("K1 K2 K1 counts as two-key: a real three-key key is not wrapped under it", arguments: disguised)
    func weakWrappingKey(text: String) throws {
        let kbpk = try SymmetricKey.test(text, isTDES: true)
        #expect(kbpk.effectiveAlgorithm == .tdes2Key)
        let key = try SymmetricKey.test(Self.first + Self.second + Self.third, isTDES: true)
        #expect(key.effectiveAlgorithm == .tdes3Key)
        #expect(throws: KeyBlockError.weakerProtectionKey(wrapped: .tdes3Key, under: .tdes2Key)) {
            try KeyBlock.wrap(key, header: header(.b, .tdes3Key), under: kbpk)
        }
    }

    @Test("and it may be wrapped under a two-key key, as it is", arguments: disguised)
    func weakWrappedKey(text: String) throws {
        let key = try SymmetricKey.test(text, isTDES: true)
        for wrapping in [KeyAlgorithm.tdes2Key, .tdes3Key] {
            let kbpk = SymmetricKey.seeded(wrapping, 5)
            let block = try KeyBlock.wrap(key, header: header(.b, .tdes3Key), under: kbpk)
            let found = try KeyBlock.open(block, under: kbpk).takeKey()
            #expect(found.bytes.hexadecimal() == text)
        }
    }

    @Test("both sides K1 K2 K1", arguments: disguised, disguised)
    func bothDisguised(wrapped: String, wrapping: String) throws {
        let key = try SymmetricKey.test(wrapped, isTDES: true)
        let kbpk = try SymmetricKey.test(wrapping, isTDES: true)
        let block = try KeyBlock.wrap(key, header: header(.b, .tdes3Key), under: kbpk)
        let found = try KeyBlock.open(block, under: kbpk).takeKey()
        #expect(found.bytes.hexadecimal() == wrapped)
    }

    @Test("the version says which cipher wraps, and A and C are never made")
    func versions() {
        for version in KeyBlockVersion.allCases {
            let kbpk = SymmetricKey.seeded(version.isTDES ? .aes256 : .tdes3Key, 5)
            let expected: KeyBlockError =
                version.canBeMade
                ? .unsuitableProtectionKey(version: version, found: kbpk.algorithm) : .versionOnlyOpened(version)
            #expect(throws: expected) {
                try KeyBlock.wrap(.seeded(.tdes2Key, 1), header: header(version, .tdes2Key), under: kbpk)
            }
        }
    }

    private func header(_ version: KeyBlockVersion, _ algorithm: KeyAlgorithm) -> KeyBlockHeader {
        KeyBlockHeader(version: version, keyUsage: .keyEncryption, algorithm: KeyBlockAlgorithm(algorithm))
    }
}
