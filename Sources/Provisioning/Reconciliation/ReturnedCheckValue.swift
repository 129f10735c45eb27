import PaymentCrypto

/// A check value as somebody wrote it: up to ten digits, since no check value has more.
struct ReturnedCheckValue: Equatable, Sendable {
    /// The most digits that are kept; what follows them is only looked at.
    static let digitLimit = 10
    /// The least that can be compared.
    static let leastDigitCount = 4
    /// Longer text may be a key in the wrong column, and is not kept.
    private static let textLimit = 16
    private static let unreadable: UInt8 = 15

    /// The digits, four bits each, the first one in bits 36 to 39.
    private(set) var bits: UInt64 = 0
    /// How many there are, or 15 for text that is none.
    private(set) var code: UInt8 = 0

    /// None.
    init() {}

    /// Reads digits of either case.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count <= Self.textLimit else {
            code = Self.unreadable
            return
        }
        var bits: UInt64 = 0
        for (index, character) in text.enumerated() {
            guard let digit = Hexadecimal.value(of: character) else {
                code = Self.unreadable
                return
            }
            if index < Self.digitLimit { bits |= UInt64(digit) << UInt64(36 - 4 * index) }
        }
        (self.bits, code) = (bits, UInt8(min(text.count, Self.digitLimit)))
    }

    /// The same of a value that was computed.
    init(_ checkValue: CheckValue) {
        (bits, code) = (checkValue.leading >> 24, UInt8(2 * checkValue.byteCount))
    }

    /// The same of text that is not on the per-device path.
    init(_ text: String) {
        var text = text
        self = text.withUTF8 { ReturnedCheckValue($0) }
    }

    /// What `bits` and `code` of another one were.
    init(bits: UInt64, code: UInt8) {
        (self.bits, self.code) = (bits, code)
    }

    /// Whether it is text that is no check value.
    var isUnreadable: Bool { code == Self.unreadable }

    /// How many digits there are.
    var digitCount: Int { isUnreadable ? 0 : Int(code) }

    /// Whether it is long enough.
    var isComparable: Bool { digitCount >= Self.leastDigitCount }

    /// Whether both are the same as far as the shorter one goes; false where one cannot be compared.
    func agrees(with other: ReturnedCheckValue) -> Bool {
        guard isComparable, other.isComparable else { return false }
        let count = min(digitCount, other.digitCount)
        return bits(of: count) == other.bits(of: count)
    }

    /// The first digits.
    func bits(of count: Int) -> UInt64 { bits >> UInt64(40 - 4 * min(max(count, 0), Self.digitLimit)) }

    /// Writes the digits in upper case.
    func write(to text: ByteBuffer) {
        for index in 0..<digitCount {
            text.append(Self.digits[Int(bits >> UInt64(36 - 4 * index) & 0xF)])
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}

extension ReturnedCheckValue: CustomStringConvertible {
    /// The digits in upper case.
    var description: String {
        let text = ByteBuffer(capacity: Self.digitLimit)
        write(to: text)
        return String(decoding: text.characters, as: UTF8.self)
    }
}
