import Testing

@testable import PaymentCrypto

@Suite("Hexadecimal")
struct HexadecimalTests {
    @Test("every byte is a digit with its value, or none")
    func values() {
        let digits = Array("0123456789ABCDEF".utf8)
        for character in UInt8.min...UInt8.max {
            let upper = (0x61...0x66).contains(character) ? character - 0x20 : character
            #expect(Hexadecimal.value(of: character) == digits.firstIndex(of: upper).map(UInt8.init))
        }
        #expect((0..<16).map(Hexadecimal.digit) == digits)
    }

    @Test("bytes of every length, there and back", arguments: 0...70)
    func bytes(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let digits = Array("0123456789ABCDEF")
        let expected = String(bytes.flatMap { [digits[Int($0 / 16)], digits[Int($0 % 16)]] })
        #expect(Hexadecimal.text(bytes) == expected)
        #expect(Hexadecimal.bytes(expected) == bytes)
        #expect(Hexadecimal.bytes(expected.lowercased()) == bytes)
        // The way that key blocks are written; what lies behind stays as it is.
        var text = [UInt8](repeating: UInt8(ascii: "?"), count: 2 * count + 2)
        bytes.withUnsafeBytes { bytes in
            text.withUnsafeMutableBufferPointer { text in
                if let start = text.baseAddress { Hexadecimal.write(bytes, to: start) }
            }
        }
        #expect(String(decoding: text, as: UTF8.self) == expected + "??")
    }

    @Test("numbers have 16 digits", arguments: [0, 1, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, UInt64.max])
    func numbers(number: UInt64) {
        let text = String(unsafeUninitializedCapacity: 16) { buffer in
            if let start = buffer.baseAddress { Hexadecimal.write(number, to: start) }
            return 16
        }
        let digits = String(number, radix: 16, uppercase: true)
        #expect(text == String(repeating: "0", count: 16 - digits.count) + digits)
    }

    @Test("4, 8 or 16 digits in either case are a number; with any other byte in any place they are none")
    func eitherCase() {
        let text = Array("0123456789abCDEf".utf8)
        for count in 0...16 {
            let isTaken = [4, 8, 16].contains(count)
            for place in 0..<count {
                for byte in UInt8.min ... .max {
                    var digits = Array(text.prefix(count))
                    digits[place] = byte
                    let values = digits.compactMap(Hexadecimal.value(of:))
                    let expected = values.reduce(UInt64(0)) { $0 << 4 | UInt64($1) }
                    let found = digits.withUnsafeBufferPointer { Hexadecimal.number($0) }
                    if found != (isTaken && values.count == count ? expected : nil) {
                        Issue.record("\(digits): \(String(describing: found))")
                    }
                }
            }
        }
    }

    @Test("other texts are no bytes", arguments: ["0", "012", "0G", "G0", " 0", "0x", "é0"])
    func malformed(text: String) {
        #expect(Hexadecimal.bytes(text) == nil)
    }
}
