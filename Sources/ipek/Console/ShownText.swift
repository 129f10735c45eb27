import PaymentCrypto

/// Text from outside, such as a path or an argument, as a message may show it.
///
/// People paste a component where a path or a number belongs, and messages end up in logs and tickets.
enum ShownText {
    /// The text without what might be a key, and without anything that a terminal would obey.
    static func line(_ text: String) -> String { escapingControls(hidingDigits(text)) { _ in false } }

    /// A value that was refused, in quotes; one that is long enough to be a passphrase is not shown.
    static func value(_ text: String) -> String {
        text.count < Passphrase.minimumCharacterCount ? "'\(line(text))'" : "(\(text.count) characters, not shown)"
    }

    /// A line that is known to have no key in it, without anything that a terminal would obey.
    static func harmless(_ text: String) -> String { escapingControls(text) { _ in false } }

    /// The same for text of the tool's own with arguments in it, which may have several lines.
    static func lines(_ text: String) -> String { escapingControls(hidingDigits(text)) { $0 == "\n" } }

    /// The text as it is, but for what a terminal would obey: digests and check values are shown whole.
    static func withoutControls(_ text: String) -> String { escapingControls(text) { _ in false } }

    /// A DES key has sixteen digits; components are often typed in groups.
    private static let fewestDigits = 16

    private static func hidingDigits(_ text: String) -> String {
        let groups = /[0-9A-Fa-f]+(?:\s+[0-9A-Fa-f]+(?![0-9A-Za-z]))*/.matchingSemantics(.unicodeScalar)
        return text.replacing(groups) { match in
            let count = match.output.count(where: \.isHexDigit)
            return count < fewestDigits ? String(match.output) : "(\(count) hexadecimal digits, not shown)"
        }
    }

    private static func escapingControls(_ text: String, except isKept: (Unicode.Scalar) -> Bool) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isHarmless = isKept(scalar) || !obeyed.contains(scalar.properties.generalCategory)
            shown.append(
                contentsOf: isHarmless ? String(scalar).unicodeScalars : scalar.escaped(asASCII: true).unicodeScalars)
        }
        return String(shown)
    }

    /// Format characters can turn the direction of a line round.
    private static let obeyed: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]
}
