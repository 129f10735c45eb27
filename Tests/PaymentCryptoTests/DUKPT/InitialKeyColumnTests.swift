import Testing

@_spi(Engine) @testable import PaymentCrypto

@Suite("Base derivation keys, and columns of devices")
struct InitialKeyColumnTests {
    @Test("a column gives what its rows give one by one", arguments: KeyAlgorithm.allCases.filter { $0 != .tdes3Key })
    func columns(algorithm: KeyAlgorithm) throws {
        let bdk = try BaseDerivationKey(SymmetricKey.seeded(algorithm, 1))
        let source = BaseKeySource(try BaseDerivationKey(SymmetricKey.seeded(algorithm, 1)))
        let derivation = try InitialKeyDerivation(bdk, engine: OpenSSLEngine(), capacity: 4096)
        let column = KeyColumn(algorithm: algorithm, capacity: 4096)
        // The longest first, so that what is left of it would show in the shorter ones.
        for count in [4096, 3, 1, 0] {
            var generator = SeededGenerator(seed: UInt64(count))
            let numbers = (0..<count).map { _ in
                InitialKeySerialNumber(family: DUKPTFamily(algorithm), leading: generator.next())
            }
            try numbers.map(\.leading).withUnsafeBufferPointer { try derivation.derive($0, into: column) }
            #expect(column.count == count)
            for (row, number) in numbers.enumerated() {
                let isSame = try column.key(at: row).isEqual(to: source.initialKey(for: number))
                #expect(isSame, "row \(row) of \(count), \(number)")
            }
        }
    }

    @Test("a three-key TDES key is refused")
    func threeKeys() throws {
        #expect(throws: BaseDerivationKeyError.threeKeyTDES) {
            _ = try BaseDerivationKey(SymmetricKey.seeded(.tdes3Key, 7))
        }
    }

    /// X9.24-1:2009 A.4, its base derivation key in other forms.
    @Test(
        "K1 K2 K1 is taken as the two-key key that it is, parity bits not looked at",
        arguments: [
            "0123456789ABCDEFFEDCBA9876543210", "0123456789ABCDEFFEDCBA98765432100123456789ABCDEF",
            "0123456789ABCDEFFEDCBA98765432100022446688AACCEE", "0022446688AACCEEFFDDBB9977553311",
        ])
    func twoKeyForms(text: String) throws {
        let bdk = try BaseDerivationKey(try SymmetricKey.test(text, isTDES: true))
        #expect(bdk.algorithm == .tdes2Key)
        #expect(bdk.family == .tdes)
        let number = try KeySerialNumber("FFFF9876543210E00008", family: .tdes).initial
        #expect(
            try BaseKeySource(bdk).initialKey(for: number).bytes.hexadecimal() == "6AC292FAA1315B4D858AB3A3D7D5933A")
    }

    @Test("AES keys are BDKs of every size", arguments: [KeyAlgorithm.aes128, .aes192, .aes256])
    func aes(algorithm: KeyAlgorithm) throws {
        let bdk = try BaseDerivationKey(SymmetricKey.seeded(algorithm, 3))
        #expect(bdk.algorithm == algorithm)
        #expect(bdk.family == .aes)
    }
}
