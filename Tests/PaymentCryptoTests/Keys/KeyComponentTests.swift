import Testing

@testable import PaymentCrypto

@Suite("Key components")
struct KeyComponentTests {
    /// Components of the base derivation key of ANSI X9.24-1:2009 A.4, with its check value by either method.
    private static let published = [
        "11BCA5A6D39DBFDCAD19E611BE130B48", "41CE92F686066A7D5F829230EB0AF381", "51517237DC30184E0C47CEB9234DCAD9",
    ]

    @Test("the XOR of all components, in any order")
    func combination() throws {
        for order in [Self.published, Self.published.reversed()] {
            let key = try combine(order, .tdes2Key)
            let text = key.bytes.hexadecimal()
            #expect(text == "0123456789ABCDEFFEDCBA9876543210")
            let checkValue = try key.checkValue().description
            #expect(checkValue == "08D7B4")
        }
    }

    @Test("blanks and tabs between digits, and either case")
    func blanks() throws {
        let spaced = try component(" 11bc a5a6\tD39D BFDC AD19E611 BE130B48 ", .tdes2Key)
        let isEqual = spaced.isEqual(to: try component(Self.published[0], .tdes2Key))
        #expect(isEqual)
        let checkValue = try spaced.checkValue().description
        #expect(checkValue == "4EB4A9")
    }

    @Test(
        "what is no component",
        arguments: [
            ("", KeyAlgorithm.tdes2Key, KeyComponentError.wrongLength(expected: 32, found: 0)),
            ("0123", .aes256, .wrongLength(expected: 64, found: 4)),
            (String(repeating: "1", count: 33), .aes128, .wrongLength(expected: 32, found: 33)),
            (String(repeating: "1", count: 500), .aes128, .wrongLength(expected: 32, found: 500)),
            ("01234567-89", .tdes2Key, .notHexadecimal(position: 9)),
            ("0123é", .tdes2Key, .notHexadecimal(position: 5)),
            (String(repeating: "0", count: 48), .aes192, .zeroComponent),
            // DES leaves out the lowest bit of each byte.
            (String(repeating: "01", count: 16), .tdes2Key, .zeroComponent),
        ])
    func notAComponent(text: String, algorithm: KeyAlgorithm, error: KeyComponentError) {
        #expect(throws: error) { _ = try component(text, algorithm) }
    }

    @Test("equal components cancel each other out, so they are refused")
    func equalComponents() {
        #expect(throws: KeyComponentError.equalComponents(first: 1, second: 3)) {
            _ = try combine([Self.published[0], Self.published[1], Self.published[0]], .tdes2Key)
        }
        // The second differs from the first in parity bits only.
        #expect(throws: KeyComponentError.equalComponents(first: 1, second: 2)) {
            _ = try combine(["11BCA5A6D39DBFDCAD19E611BE130B48", "10BDA4A7D29CBEDDAC18E710BF120A49"], .tdes2Key)
        }
    }

    @Test("AES has no parity bits: those two are an AES key like any other")
    func noParityInAES() throws {
        let key = try combine(["11BCA5A6D39DBFDCAD19E611BE130B48", "10BDA4A7D29CBEDDAC18E710BF120A49"], .aes128)
        let text = key.bytes.hexadecimal()
        #expect(text == "01010101010101010101010101010101")
    }

    @Test("components that leave nothing")
    func zeroKey() {
        let third = "50723750559BD5A1F29B74215519F8C9"
        #expect(throws: KeyComponentError.zeroKey) {
            _ = try combine([Self.published[0], Self.published[1], third], .aes128)
        }
    }

    @Test(
        "TDES that is no more than DES",
        arguments: [
            ("0123456789ABCDEF0123456789ABCDEF", KeyAlgorithm.tdes2Key),
            ("0123456789ABCDEF0022446688AACCEE", .tdes2Key),
            ("0123456789ABCDEF0123456789ABCDEFFEDCBA9876543210", .tdes3Key),
            ("FEDCBA98765432100123456789ABCDEF0123456789ABCDEF", .tdes3Key),
        ])
    func singleDES(text: String, algorithm: KeyAlgorithm) {
        #expect(throws: KeyComponentError.singleDES) { _ = try combine([text], algorithm) }
    }

    @Test("parity bits stay as they fall, and K1 K2 K1 is taken")
    func parityStays() throws {
        let key = try combine(["0022446688AACCEEFFDDBB99775533110022446688AACCEE"], .tdes3Key)
        let text = key.bytes.hexadecimal()
        #expect(text == "0022446688AACCEEFFDDBB99775533110022446688AACCEE")
        let effective = key.effectiveAlgorithm
        #expect(effective == .tdes2Key)
    }

    private func component(_ text: String, _ algorithm: KeyAlgorithm) throws -> KeyComponent {
        try KeyComponent(SecretLine(text), algorithm: algorithm)
    }

    private func combine(_ texts: [String], _ algorithm: KeyAlgorithm) throws -> SymmetricKey {
        var components = KeyComponents(algorithm: algorithm)
        for text in texts { try components.add(try component(text, algorithm)) }
        return try components.combine()
    }
}
