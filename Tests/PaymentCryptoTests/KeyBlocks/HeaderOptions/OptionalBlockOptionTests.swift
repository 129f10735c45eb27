import Testing

@testable import PaymentCrypto

@Suite("--optional-block")
struct OptionalBlockOptionTests {
    typealias Piece = KeyBlockTemplate.TextPiece

    @Test(
        "ID=VALUE, with the device's ID in it",
        arguments: [
            ("42=abc", [Piece.literal("abc")]), ("42=", [.literal("")]), ("42=a=b", [.literal("a=b")]),
            ("LB={device_id}", [.deviceID]), ("LB=till {device_id}!", [.literal("till "), .deviceID, .literal("!")]),
            ("LB={device_id}{device_id}", [.deviceID, .deviceID]), ("LB={device_id", [.literal("{device_id")]),
            ("TS=20260301120000Z", [.literal("20260301120000Z")]),
        ])
    func values(argument: String, pieces: [Piece]) throws {
        let option = try OptionalBlockOption(argument: argument)
        #expect(option.id.description == String(argument.prefix(2)))
        #expect(option.pieces == pieces)
    }

    @Test("KC, KP and TS may stand alone", arguments: ["KC", "KP", "TS"])
    func computed(id: String) throws {
        let option = try OptionalBlockOption(argument: id)
        #expect(option.id.description == id)
        #expect(option.pieces == nil)
    }

    @Test("others may not", arguments: ["LB", "42", "WP"])
    func missingValues(id: String) throws {
        let expected = HeaderOptionError.missingValue(try #require(OptionalBlock.Identifier(id)))
        #expect(throws: expected) { try OptionalBlockOption(argument: id) }
    }

    @Test("a check value is computed, and so is the padding", arguments: ["KC=00AABBCC", "KP=", "PB=0000", "PB"])
    func computedOnly(argument: String) throws {
        let expected = HeaderOptionError.computedBlock(try #require(OptionalBlock.Identifier(argument.prefix(2))))
        #expect(throws: expected) { try OptionalBlockOption(argument: argument) }
    }

    @Test("a serial number can be asked for; who has devices refuses it", arguments: ["KS=FFFF9876543210E00000", "KS"])
    func serialNumbers(argument: String) throws {
        let option = try OptionalBlockOption(argument: argument)
        #expect(option.id == .keySerialNumber)
        #expect((option.pieces == nil) == (argument == "KS"))
    }

    @Test("no ID", arguments: ["", "=", "=x", "L=x", "LBL=x", "L!=x", "é=x", "LB x", "  =x"])
    func malformed(argument: String) {
        #expect(throws: HeaderOptionError.notAnOptionalBlock(argument)) { try OptionalBlockOption(argument: argument) }
    }

    @Test("values are printable ASCII", arguments: ["é", "a\tb", "a\nb", "\u{7F}", "\0"])
    func unprintable(value: String) throws {
        let expected = HeaderOptionError.notPrintable(.label)
        #expect(throws: expected) { try OptionalBlockOption(argument: "LB=\(value)") }
    }
}
