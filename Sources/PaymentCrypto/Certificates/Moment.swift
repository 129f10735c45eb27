/// A point in time, UTC, to the second; it comes in from whoever has a clock.
public struct Moment: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let secondsSince1970: Int

    /// From seconds since 1970-01-01T00:00:00Z.
    public init(secondsSince1970: Int) {
        self.secondsSince1970 = secondsSince1970
    }

    /// From the calendar, or nil for a time that does not exist in it.
    public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        let time = KeyBlockTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard let time else { return nil }
        let days = Self.days(year: time.year, month: time.month, day: time.day)
        self.init(secondsSince1970: days * 86400 + time.hour * 3600 + time.minute * 60 + time.second)
    }

    /// The earlier one is the lesser one.
    public static func < (left: Moment, right: Moment) -> Bool { left.secondsSince1970 < right.secondsSince1970 }

    /// The same time in the calendar; nil outside the years 0 to 9999.
    public var calendar: KeyBlockTime? {
        guard (Self.earliest...Self.latest).contains(secondsSince1970) else { return nil }
        let days = secondsSince1970 >= 0 ? secondsSince1970 / 86400 : -((86399 - secondsSince1970) / 86400)
        let seconds = secondsSince1970 - days * 86400
        let (year, month, day) = Self.date(days)
        return KeyBlockTime(
            year: year, month: month, day: day, hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60)
    }

    private static let earliest = days(year: 0, month: 1, day: 1) * 86400
    private static let latest = days(year: 10000, month: 1, day: 1) * 86400 - 1

    /// Days since 1970-01-01 in the Gregorian calendar.
    ///
    /// Years begin in March here, so that the leap day is the last one; 719,468 days lie between 0000-03-01 and 1970.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        // Rounded down also before the year 0.
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

extension Moment: CustomStringConvertible {
    /// As in ISO 8601: `2026-03-01T12:00:00Z`.
    public var description: String {
        guard let calendar else { return "\(secondsSince1970) seconds after 1970-01-01T00:00:00Z" }
        return calendar.delimitedText
    }
}
