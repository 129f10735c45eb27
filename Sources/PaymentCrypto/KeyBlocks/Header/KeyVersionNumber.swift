/// The version of a key, or which component of one: two letters or digits.
///
/// See ANSI X9.143:2021, 6.3.4, table 5.
public struct KeyVersionNumber: Hashable, Sendable {
    private let first: UInt8
    private let second: UInt8

    /// Key versions are not used.
    public static let notUsed = KeyVersionNumber(UInt8(ascii: "0"), UInt8(ascii: "0"))

    /// A version from two ASCII letters or digits; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let code = Array(text.utf8)
        guard code.count == 2, code.allSatisfy(ASCII.isAlphanumeric) else { return nil }
        (first, second) = (code[0], code[1])
    }

    /// The version of component `number`, 1 to 9; nil for another number.
    public init?(component number: Int) {
        guard (1...9).contains(number) else { return nil }
        self.init(UInt8(ascii: "c"), UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
    }

    private init(_ first: UInt8, _ second: UInt8) {
        (self.first, self.second) = (first, second)
    }

    /// Whether the block holds a component of a key: a small `c` and one more character.
    public var isComponent: Bool { first == UInt8(ascii: "c") }

    /// Which component it is, where that character is a digit.
    public var componentNumber: Int? {
        isComponent && ASCII.isDigit(second) ? Int(second - UInt8(ascii: "0")) : nil
    }

    /// The version in words.
    public var meaning: String {
        if self == .notUsed { return "not used" }
        return isComponent ? "component \(String(Unicode.Scalar(second)))" : "version \(self)"
    }
}

extension KeyVersionNumber: CustomStringConvertible {
    /// The two characters.
    public var description: String { String(decoding: [first, second], as: UTF8.self) }
}
