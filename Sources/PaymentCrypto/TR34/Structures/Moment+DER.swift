import SwiftASN1

/// ```
/// SigningTime ::= Time
/// Time ::= CHOICE { utcTime UTCTime, generalizedTime GeneralizedTime }
/// ```
///
/// RFC 5652, 11.3: years from 1950 to 2049 as UTCTime, all others as GeneralizedTime; both end in Z.
extension Moment {
    /// Nil for anything but a time to the second that the calendar has.
    init?(_ node: ASN1Node) {
        switch node.identifier {
        case .utcTime:
            guard let time = try? UTCTime(derEncoded: node, withIdentifier: .utcTime) else { return nil }
            self.init(
                year: time.year, month: time.month, day: time.day, hour: time.hours, minute: time.minutes,
                second: time.seconds)
        case .generalizedTime:
            guard let time = try? GeneralizedTime(derEncoded: node, withIdentifier: .generalizedTime),
                time.rawFractionalSeconds.isEmpty
            else { return nil }
            self.init(
                year: time.year, month: time.month, day: time.day, hour: time.hours, minute: time.minutes,
                second: time.seconds)
        default:
            return nil
        }
    }

    /// Whether a signing time can say it: GeneralizedTime has four digits for the year.
    var isWritable: Bool { calendar != nil }

    func serialize(into coder: inout DER.Serializer) {
        guard let calendar else { return }
        let text = Array(calendar.compactText.utf8)
        if (1950...2049).contains(calendar.year) {
            coder.primitive(.utcTime, text.dropFirst(2))
        } else {
            coder.primitive(.generalizedTime, text)
        }
    }
}
