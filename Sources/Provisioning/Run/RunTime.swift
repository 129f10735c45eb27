import Glibc
import PaymentCrypto

extension KeyBlockTime {
    /// Now, in UTC, to the second.
    static var now: KeyBlockTime {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let found = KeyBlockTime(
            year: 1900 + Int(parts.tm_year), month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: min(59, Int(parts.tm_sec)))
        // gmtime gives no time that the calendar lacks, but for years that four digits cannot write.
        guard let found else { preconditionFailure("the clock stands past the year 9999") }
        return found
    }

    /// The same, as certificates count.
    var moment: Moment? {
        Moment(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// As records write it: `2026-03-01T12:00:00Z`.
    var recordText: String {
        func padded(_ number: Int, _ count: Int = 2) -> String {
            String(repeating: "0", count: max(0, count - String(number).count)) + String(number)
        }
        return "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(padded(hour)):\(padded(minute)):\(padded(second))Z"
    }
}
