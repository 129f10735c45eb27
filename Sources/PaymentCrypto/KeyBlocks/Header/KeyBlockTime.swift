/// A time in the blocks TS and TC: UTC, to the second or the hundredth of one.
///
/// See ANSI X9.143:2021, 6.3.6; the forms are those of ISO 8601.
public struct KeyBlockTime: Hashable, Sendable {
    /// Year, 0 to 9999.
    public let year: Int
    /// Month, 1 to 12.
    public let month: Int
    /// Day of the month, from 1.
    public let day: Int
    /// Hour, 0 to 23.
    public let hour: Int
    /// Minute, 0 to 59.
    public let minute: Int
    /// Second, 0 to 59.
    public let second: Int
    /// Hundredths of a second, where they are given.
    public let hundredths: Int?

    /// A time that exists in the calendar, or nil.
    public init?(
        year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, hundredths: Int? = nil
    ) {
        guard (0...9999).contains(year), (1...12).contains(month),
            (1...Self.dayCount(year: year, month: month)).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...59).contains(second), (0...99).contains(hundredths ?? 0)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
        self.hundredths = hundredths
    }

    /// Reads YYYYMMDDhhmmssZ, YYYYMMDDhhmmssccZ, YYYY-MM-DDThh:mm:ssZ or YYYY-MM-DDThh:mm:ss.ccZ; nil for anything else.
    public init?(_ text: String) {
        let forms = ["dddddddddddddd", "dddddddddddddddd", "dddd-dd-ddTdd:dd:dd", "dddd-dd-ddTdd:dd:dd.dd"]
        let characters = Array(text.utf8)
        guard let form = forms.first(where: { Self.matches(characters, form: $0 + "Z") }) else { return nil }
        let numbers = zip(characters, form.utf8).filter { $0.1 == UInt8(ascii: "d") }.map { Int($0.0) - 0x30 }
        func number(_ start: Int, _ count: Int) -> Int {
            numbers[start..<start + count].reduce(0) { $0 * 10 + $1 }
        }
        self.init(
            year: number(0, 4), month: number(4, 2), day: number(6, 2), hour: number(8, 2), minute: number(10, 2),
            second: number(12, 2), hundredths: numbers.count == 16 ? number(14, 2) : nil)
    }

    /// The form that blocks are written with: YYYYMMDDhhmmssZ, with hundredths where there are any.
    public var compactText: String {
        digits + (hundredths.map { Self.padded($0, 2) } ?? "") + "Z"
    }

    /// YYYYMMDDhhmmssZ, hundredths left out, as ASN.1 has it.
    var wholeSecondText: String { digits + "Z" }

    private var digits: String {
        [(year, 4), (month, 2), (day, 2), (hour, 2), (minute, 2), (second, 2)].map(Self.padded).joined()
    }

    /// The form of ISO 8601 for people and JSON: YYYY-MM-DDThh:mm:ssZ, hundredths left out.
    var delimitedText: String {
        let date = [(year, 4), (month, 2), (day, 2)].map(Self.padded).joined(separator: "-")
        let time = [(hour, 2), (minute, 2), (second, 2)].map(Self.padded).joined(separator: ":")
        return "\(date)T\(time)Z"
    }

    /// In `form` a d stands for a digit, and everything else for itself.
    private static func matches(_ characters: [UInt8], form: String) -> Bool {
        characters.count == form.utf8.count
            && zip(characters, form.utf8).allSatisfy { character, expected in
                expected == UInt8(ascii: "d") ? ASCII.isDigit(character) : character == expected
            }
    }

    private static func dayCount(year: Int, month: Int) -> Int {
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }

    private static func padded(_ number: Int, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}

extension KeyBlockTime: CustomStringConvertible {
    /// For people: `2026-03-01 12:00:00 UTC`.
    public var description: String {
        let date = [(year, 4), (month, 2), (day, 2)].map(Self.padded).joined(separator: "-")
        let time = [(hour, 2), (minute, 2), (second, 2)].map(Self.padded).joined(separator: ":")
        return "\(date) \(time)\(hundredths.map { "." + Self.padded($0, 2) } ?? "") UTC"
    }
}
