import Testing

@testable import PaymentCrypto

@Suite("Key serial numbers")
struct KeySerialNumberTests {
    @Test(
        "the counter is cut off, and what is left identifies the device",
        arguments: [
            // Byte 7 keeps its top three bits: they belong to the device. X9.24-1:2009 A.6.
            ("FFFF9876543210E00008", DUKPTFamily.tdes, "FFFF9876543210E00000", 8),
            ("FFFF9876543210FFFFFF", .tdes, "FFFF9876543210E00000", 0x1F_FFFF),
            ("00000000000000200000", .tdes, "00000000000000200000", 0),
            ("000000000000001F0000", .tdes, "00000000000000000000", 0x1F_0000),
            ("00000000000000C0FFFF", .tdes, "00000000000000C00000", 0xFFFF),
            ("00000000000000110001", .tdes, "00000000000000000000", 0x11_0001),
            ("ffff9876543210e00008", .tdes, "FFFF9876543210E00000", 8),
            ("fFfF9876543210eAbCdE", .tdes, "FFFF9876543210E00000", 0x0A_BCDE),
            ("123456789012345600000001", .aes, "123456789012345600000000", 1),
            ("1234567890123456FFFFFFFF", .aes, "123456789012345600000000", 0xFFFF_FFFF),
            ("1234567890123456ffff0000", .aes, "123456789012345600000000", 0xFFFF_0000),
            ("FFFFFFFFFFFFFFFF", .aes, "FFFFFFFFFFFFFFFF00000000", 0),
            ("abcdefABCDEF0001", .aes, "ABCDEFABCDEF000100000000", 0),
        ])
    func parsing(text: String, family: DUKPTFamily, initial: String, counter: UInt32) throws {
        let number = try KeySerialNumber(text, family: family)
        #expect(number.initial.family == family)
        #expect(number.initial.description == initial)
        #expect(number.transactionCounter == counter)
        // A serial number whose counter is zero is its own initial one.
        #expect(try KeySerialNumber(initial, family: family).initial == number.initial)
    }

    @Test(
        "other lengths are refused",
        arguments: [
            (DUKPTFamily.tdes, [0, 1, 15, 16, 18, 19, 21, 22, 24, 40]), (.aes, [0, 1, 15, 17, 20, 23, 25, 32, 48]),
        ])
    func lengths(family: DUKPTFamily, counts: [Int]) {
        for count in counts {
            #expect(throws: KeySerialNumberError.wrongLength(family: family, found: count)) {
                try KeySerialNumber(String(repeating: "7", count: count), family: family)
            }
        }
    }

    @Test("a character that is no digit is found at its place, whatever the length", arguments: [16, 20, 24, 5])
    func badDigits(count: Int) {
        for family in [DUKPTFamily.tdes, .aes] {
            for position in 1...count {
                for bad in ["G", "g", "/", ":", "@", "`", " ", "-", "\0"] {
                    let digits = Array(repeating: "0", count: count)
                    let text = digits.prefix(position - 1).joined() + bad + digits.dropFirst(position).joined()
                    #expect(throws: KeySerialNumberError.notHexadecimal(position: position)) {
                        try KeySerialNumber(text, family: family)
                    }
                }
            }
        }
    }

    @Test("characters beyond ASCII are no digits; positions count bytes")
    func beyondASCII() {
        for text in ["１234567890123456", "é2345678901234567", "\u{FEFF}234567890123456"] {
            #expect(throws: KeySerialNumberError.notHexadecimal(position: 1)) {
                try KeySerialNumber(text, family: .aes)
            }
        }
    }

    @Test("messages say expected and found")
    func messages() {
        #expect(
            KeySerialNumberError.wrongLength(family: .tdes, found: 16).description
                == "expected 20 hexadecimal digits, found 16")
        #expect(
            KeySerialNumberError.wrongLength(family: .aes, found: 20).description
                == "expected 24 or 16 hexadecimal digits, found 20")
        #expect(
            KeySerialNumberError.notHexadecimal(position: 12).description == "character 12 is not a hexadecimal digit")
    }

    @Test("the low five bits of byte 7 are no part of a TDES device")
    func leadingBytes() {
        #expect(InitialKeySerialNumber(family: .tdes, leading: .max).leading == UInt64.max - 0x1F)
        #expect(InitialKeySerialNumber(family: .aes, leading: .max).leading == UInt64.max)
    }

    // MARK: Devices in a row

    /// The device field: 19 bits above the counter (TDES), the second half of the initial key ID (AES).
    @Test(
        "the next devices, up to the end of the device field",
        arguments: [
            (DUKPTFamily.tdes, "FFFF987654000000", 0, "FFFF9876540000000000"),
            (.tdes, "FFFF987654000000", 1, "FFFF9876540000200000"),
            (.tdes, "FFFF987654000000", 8, "FFFF9876540001000000"),
            (.tdes, "FFFF987654000000", 0x7_FFFF, "FFFF987654FFFFE00000"),
            (.tdes, "FFFF987654FFFFC0", 1, "FFFF987654FFFFE00000"),
            (.tdes, "FFFF987654FFFFE0", 0, "FFFF987654FFFFE00000"),
            (.tdes, "FFFFFFFFFFFFFFC0", 1, "FFFFFFFFFFFFFFE00000"),
            (.aes, "1234567800000000", 0, "123456780000000000000000"),
            (.aes, "1234567800000000", 1, "123456780000000100000000"),
            (.aes, "1234567800000000", 0xFFFF_FFFF, "12345678FFFFFFFF00000000"),
            (.aes, "12345678FFFFFFFE", 1, "12345678FFFFFFFF00000000"),
            (.aes, "FFFFFFFFFFFFFFFF", 0, "FFFFFFFFFFFFFFFF00000000"),
        ])
    func advancing(family: DUKPTFamily, leading: String, distance: UInt64, expected: String) throws {
        let number = InitialKeySerialNumber(family: family, leading: try #require(UInt64(leading, radix: 16)))
        #expect(number.advanced(by: distance)?.description == expected)
    }

    @Test(
        "and none beyond it: the key set does not change",
        arguments: [
            (DUKPTFamily.tdes, UInt64(0xFFFF_9876_5400_0000), UInt64(0x8_0000)),
            (.tdes, 0xFFFF_9876_54FF_FFE0, 1), (.tdes, 0xFFFF_9876_54FF_FFC0, 2), (.tdes, 0xFFFF_9876_5400_0000, .max),
            (.tdes, .max, .max), (.aes, 0x1234_5678_0000_0000, 0x1_0000_0000), (.aes, 0x1234_5678_FFFF_FFFF, 1),
            (.aes, 0x1234_5678_0000_0001, 0xFFFF_FFFF), (.aes, .max, 1), (.aes, 0, .max),
        ])
    func advancingTooFar(family: DUKPTFamily, leading: UInt64, distance: UInt64) {
        #expect(InitialKeySerialNumber(family: family, leading: leading).advanced(by: distance) == nil)
    }
}
