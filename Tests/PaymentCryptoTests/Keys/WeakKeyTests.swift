import Testing

@testable @_spi(Engine) import PaymentCrypto

@Suite("Weak DES keys")
struct WeakKeyTests {
    /// NIST SP 800-67 and FIPS 74, as both print them; pairs of semi-weak keys beside each other.
    static let weak = ["0101010101010101", "FEFEFEFEFEFEFEFE", "E0E0E0E0F1F1F1F1", "1F1F1F1F0E0E0E0E"]
    static let semiWeak = [
        ("011F011F010E010E", "1F011F010E010E01"), ("01E001E001F101F1", "E001E001F101F101"),
        ("01FE01FE01FE01FE", "FE01FE01FE01FE01"), ("1FE01FE00EF10EF1", "E01FE01FF10EF10E"),
        ("1FFE1FFE0EFE0EFE", "FE1FFE1FFE0EFE0E"), ("E0FEE0FEF1FEF1FE", "FEE0FEE0FEF1FEF1"),
    ]
    static let all = weak + semiWeak.flatMap { [$0.0, $0.1] }
    private static let good = "0123456789ABCDEF"

    @Test("the table is the published one")
    func table() {
        let found = (WeakDESKeys.weak + WeakDESKeys.semiWeak).map { key in
            String(repeating: "0", count: key.leadingZeroBitCount / 4) + String(key, radix: 16, uppercase: true)
        }
        #expect(Set(found) == Set(Self.all))
        #expect(found.count == 16)
    }

    @Test("a weak key undoes itself, a semi-weak one its twin", arguments: weak.map { ($0, $0) } + semiWeak)
    func undoing(first: String, second: String) throws {
        let blocks = SecretScratch(byteCount: 8)
        blocks.bytes.copyBytes(from: Array("a block!".utf8))
        for part in [first, second] {
            // K1 = K2 is DES.
            let key = try SymmetricKey.test(part + part, isTDES: true)
            try OpenSSLEngine().makeCipher(for: key).encrypt(blocks.bytes)
        }
        #expect(Array(blocks.bytes) == Array("a block!".utf8))
    }

    @Test("found in any part of a TDES key, whatever its parity bits", arguments: all)
    func anyPart(part: String) throws {
        // Parity bits of every byte the other way round.
        let digits = Array("1032547698BADCFE".utf8)
        let flipped = String(
            part.enumerated().map { index, digit in
                guard !index.isMultiple(of: 2), let value = digit.hexDigitValue else { return digit }
                return Character(Unicode.Scalar(digits[value]))
            })
        for weak in [part, flipped] {
            for text in [weak + Self.good, Self.good + weak, Self.good + "FEDCBA9876543210" + weak] {
                let isWeak = try SymmetricKey.test(text, isTDES: true).hasWeakDESPart
                #expect(isWeak, "\(text)")
            }
            let isWeakAES = try SymmetricKey.test(weak + Self.good, isTDES: false).hasWeakDESPart
            #expect(!isWeakAES)
        }
    }

    @Test(
        "a key that differs in one bit, and a possibly weak one, are like any other",
        arguments: ["0101010101010103", "FEFEFEFEFEFEFE7E", "1F1F01010E0E0101", "E001011FF101010E", good])
    func notWeak(part: String) throws {
        let isWeak = try SymmetricKey.test(part + "FEDCBA9876543210", isTDES: true).hasWeakDESPart
        #expect(!isWeak)
    }

    @Test("components whose XOR has a weak part", arguments: ["1F1F1F1F0E0E0E0E", "01FE01FE01FE01FE"])
    func components(part: String) throws {
        var components = KeyComponents(algorithm: .tdes2Key)
        try components.add(try KeyComponent(SecretLine(part + Self.good), algorithm: .tdes2Key))
        #expect(throws: KeyComponentError.weakDESPart) { _ = try components.combine() }
    }

    @Test(
        "bytes of even parity are counted and left",
        arguments: [
            ("0123456789ABCDEFFEDCBA9876543210", true, 0), ("0022446688AACCEEFEDCBA9876543210", true, 8),
            ("0022446688AACCEEFFDDBB9977553311", true, 16), ("0022446688AACCEEFFDDBB9977553311", false, 0),
        ])
    func parity(text: String, isTDES: Bool, count: Int) throws {
        let found = try SymmetricKey.test(text, isTDES: isTDES).evenParityByteCount
        #expect(found == count)
    }
}

@Suite("Expected check values of keys and components")
struct CheckValueMismatchTests {
    @Test("the other method is named where it fits")
    func otherMethod() throws {
        let key = try SymmetricKey.test("0123456789ABCDEFFEDCBA9876543210", isTDES: true)
        let cmac = try key.checkValue(.cmac).description
        let expected = try #require(ExpectedCheckValue(cmac))
        let found = try key.checkValue(.legacy)
        #expect(throws: CheckValueMismatch(expected: expected, found: found, otherMethod: .cmac)) {
            try expected.check(key)
        }
        try ExpectedCheckValue("08d7")?.check(key)
    }

    @Test("one that goes on where the other ends is the same", arguments: [("08D7", "08D7B4"), ("08D7B4", "08D7")])
    func merging(first: String, second: String) throws {
        let merged = try #require(ExpectedCheckValue(first)).merged(with: try #require(ExpectedCheckValue(second)))
        #expect(merged?.description == "08D7B4")
        #expect(ExpectedCheckValue("08D8")?.merged(with: try #require(ExpectedCheckValue(second))) == nil)
    }
}
