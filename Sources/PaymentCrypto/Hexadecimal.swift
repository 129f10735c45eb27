/// Upper-case hexadecimal out, either case in.
public enum Hexadecimal {
    /// The value of one digit, or nil.
    public static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// The digit of a value from 0 to 15, without a look-up that depends on it.
    @inline(__always)
    static func digit(_ value: UInt8) -> UInt8 {
        // '0' is 30; 'A' is 41, seven further on than '9' + 1.
        value &+ 0x30 &+ (7 & (0 &- ((value &+ 6) >> 4)))
    }

    /// Writes the 16 digits of a number, most significant first.
    public static func write(_ number: UInt64, to text: UnsafeMutablePointer<UInt8>) {
        let target = UnsafeMutableRawPointer(text)
        target.storeBytes(of: eightDigits(UInt32(truncatingIfNeeded: number >> 32)), as: UInt64.self)
        target.storeBytes(of: eightDigits(UInt32(truncatingIfNeeded: number)), toByteOffset: 8, as: UInt64.self)
    }

    /// Writes two digits for each byte.
    public static func write(_ bytes: UnsafeRawBufferPointer, to text: UnsafeMutablePointer<UInt8>) {
        let target = UnsafeMutableRawPointer(text)
        var index = 0
        while index + 4 <= bytes.count {
            let number = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            target.storeBytes(of: eightDigits(number), toByteOffset: 2 * index, as: UInt64.self)
            index += 4
        }
        while index < bytes.count {
            text[2 * index] = digit(bytes[index] >> 4)
            text[2 * index + 1] = digit(bytes[index] & 0x0F)
            index += 1
        }
    }

    /// The eight digits of a number as they stand in memory: each half byte in a byte of its own, all at once.
    @inline(__always)
    private static func eightDigits(_ number: UInt32) -> UInt64 {
        var spread = UInt64(number)
        spread = (spread << 16 | spread) & 0x0000_FFFF_0000_FFFF
        spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FF
        spread = (spread << 4 | spread) & 0x0F0F_0F0F_0F0F_0F0F
        let aboveNine = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return (spread &+ 0x3030_3030_3030_3030 &+ aboveNine &* 7).bigEndian
    }

    /// The digits of bytes that are no secret.
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            text.unicodeScalars.append(Unicode.Scalar(digit(byte >> 4)))
            text.unicodeScalars.append(Unicode.Scalar(digit(byte & 0x0F)))
        }
        return text
    }

    /// The bytes of an even number of digits, or nil; not for secrets, whose bytes are filled in place.
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map(value(of:))
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
