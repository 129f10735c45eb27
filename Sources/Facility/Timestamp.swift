import Glibc
public import PaymentCrypto

/// Points in time as the site's files write them: `2026-01-31T23:59:59Z`.
enum Timestamp {
    static var now: String { Moment.now.description }
}

extension Moment {
    /// What this machine's clock says.
    public static var now: Moment { Moment(secondsSince1970: time(nil)) }

    /// This moment and so many days.
    public func adding(days: Int) -> Moment { adding(seconds: days * 86_400) }

    func adding(seconds: Int) -> Moment { Moment(secondsSince1970: secondsSince1970 + seconds) }

    /// Reads what `description` writes; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(omittingEmptySubsequences: false) { !$0.isASCII || !$0.isNumber }.map { Int($0) ?? -1 }
        guard parts.count == 7 else { return nil }
        self.init(
            year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
        // What is written otherwise becomes another text.
        guard description == text else { return nil }
    }
}
