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
        write(bytes: number.bigEndian, to: UnsafeMutableRawPointer(text))
    }

    /// Writes two digits for each byte.
    public static func write(_ bytes: UnsafeRawBufferPointer, to text: UnsafeMutablePointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        let target = UnsafeMutableRawPointer(text)
        var index = 0
        while index + 8 <= bytes.count {
            write(
                bytes: start.loadUnaligned(fromByteOffset: index, as: UInt64.self),
                to: target + 2 * index)
            index += 8
        }
        while index < bytes.count {
            text[2 * index] = digit(bytes[index] >> 4)
            text[2 * index + 1] = digit(bytes[index] & 0x0F)
            index += 1
        }
    }

    /// Eight bytes as they stand in memory.
    @inline(__always)
    private static func write(bytes: UInt64, to text: UnsafeMutableRawPointer) {
        let number = UInt64(littleEndian: bytes)
        text.storeBytes(of: eightDigits(number & 0xFFFF_FFFF).littleEndian, as: UInt64.self)
        text.storeBytes(of: eightDigits(number >> 32).littleEndian, toByteOffset: 8, as: UInt64.self)
    }

    /// The digits of four bytes, the lowest first: each half byte in a byte of its own, all at once.
    @inline(__always)
    private static func eightDigits(_ number: UInt64) -> UInt64 {
        var spread = (number << 16 | number) & 0x0000_FFFF_0000_FFFF
        spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FF
        // The upper half of each byte comes first.
        spread = (spread << 8 | spread >> 4) & 0x0F0F_0F0F_0F0F_0F0F
        let aboveNine = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return spread &+ 0x3030_3030_3030_3030 &+ (aboveNine << 3 &- aboveNine)
    }

    /// Reads upper-case digits only, two for each byte; not for secrets, since it stops at the first that is none.
    ///
    /// - Parameter bytes: room for half as many bytes as there are digits.
    /// - Returns: whether all of them were such digits, and an even number.
    static func decode(
        upperCase digits: UnsafeBufferPointer<UInt8>, into bytes: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        guard let start = digits.baseAddress else { return true }
        guard digits.count.isMultiple(of: 2) else { return false }
        let (text, target) = (UnsafeRawPointer(start), UnsafeMutableRawPointer(bytes))
        var index = 0
        while index + 8 <= digits.count {
            let eight = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            guard let four = fourBytes(eight) else { return false }
            target.storeBytes(of: four.littleEndian, toByteOffset: index / 2, as: UInt32.self)
            index += 8
        }
        while index < digits.count {
            guard let high = upperCaseValue(of: digits[index]), let low = upperCaseValue(of: digits[index + 1]) else {
                return false
            }
            bytes[index / 2] = high << 4 | low
            index += 2
        }
        return true
    }

    /// The number that 16 upper-case digits stand for.
    static func number(upperCase digits: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard digits.count == 16 else { return nil }
        var number: UInt64 = 0
        let isRead = withUnsafeMutableBytes(of: &number) { bytes in
            bytes.bindMemory(to: UInt8.self).baseAddress.map { decode(upperCase: digits, into: $0) } ?? false
        }
        return isRead ? UInt64(bigEndian: number) : nil
    }

    /// The number that 4, 8 or 16 digits stand for, in either case; nil for others.
    static func number(_ digits: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard let start = digits.baseAddress else { return nil }
        let text = UnsafeRawPointer(start)
        switch digits.count {
        case 4:
            // Behind four zeros.
            let four = UInt64(UInt32(littleEndian: text.loadUnaligned(as: UInt32.self)))
            return number(eight: four << 32 | 0x3030_3030)
        case 8: return number(eight: UInt64(littleEndian: text.loadUnaligned(as: UInt64.self)))
        case 16:
            let first = UInt64(littleEndian: text.loadUnaligned(as: UInt64.self))
            let second = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            guard let high = number(eight: first), let low = number(eight: second) else { return nil }
            return high << 32 | low
        default: return nil
        }
    }

    /// Of eight digits, the first one lowest.
    @inline(__always)
    private static func number(eight digits: UInt64) -> UInt64? {
        // What a capital letter has in common with its small one is bit 6; bit 5 is the difference.
        fourBytes(digits & ~(digits >> 1 & 0x2020_2020_2020_2020)).map { UInt64($0.byteSwapped) }
    }

    private static func upperCaseValue(of character: UInt8) -> UInt8? {
        character < UInt8(ascii: "a") ? value(of: character) : nil
    }

    /// Eight digits, the first one lowest, all at once; nil where one of them is none.
    @inline(__always)
    private static func fourBytes(_ digits: UInt64) -> UInt32? {
        let letters = digits >> 6 & 0x0101_0101_0101_0101
        let values = digits & 0x0F0F_0F0F_0F0F_0F0F &+ letters &* 9
        // What is a digit is the digit of its value.
        let aboveNine = (values &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        let again = values &+ 0x3030_3030_3030_3030 &+ (aboveNine << 3 &- aboveNine)
        guard again == digits, values & 0xF0F0_F0F0_F0F0_F0F0 == 0 else { return nil }
        var bytes = (values << 4 | values >> 8) & 0x00FF_00FF_00FF_00FF
        bytes = (bytes | bytes >> 8) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: bytes | bytes >> 16)
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
