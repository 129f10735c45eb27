import PaymentCrypto

/// What a custodian is called, or the serial number of a bag, as it goes on record.
///
/// Two are the same where they differ only in case or blanks: whoever types a name again types it a little differently.
public struct CustodyName: Sendable, CustomStringConvertible {
    /// The name as it was given, without blanks at its ends.
    public let description: String
    private let folded: String

    /// 1 to 64 printable characters; nil for anything else, and for so many digits that they may be a component.
    public init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        let name = words.joined(separator: " ")
        guard (1...64).contains(name.unicodeScalars.count),
            Self.isPrintable(name), !Self.mayBeComponent(name)
        else { return nil }
        description = name
        folded = name.lowercased()
    }

    /// What a name is, for messages.
    public static let expectation = "1 to 64 printable characters, fewer than 24 hexadecimal digits in a row"

    /// Whether a terminal would show all of it, and obey nothing of it.
    static func isPrintable(_ text: String) -> Bool {
        !text.unicodeScalars.contains { unprintable.contains($0.properties.generalCategory) }
    }

    private static let unprintable: Set<Unicode.GeneralCategory> = [
        .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate,
    ]

    private static func mayBeComponent(_ name: String) -> Bool {
        var run = 0
        for character in name where character != " " {
            run = character.isHexDigit ? run + 1 : 0
            if run >= SecretLine.fewestComponentDigits { return true }
        }
        return false
    }
}

extension CustodyName: Hashable {
    /// Equal when case and the number of blanks are ignored.
    public static func == (left: CustodyName, right: CustodyName) -> Bool { left.folded == right.folded }

    /// The same for names that are equal.
    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}

extension CustodyName: Codable {
    /// Reads a name.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let name = CustodyName(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no name"))
        }
        self = name
    }

    /// Writes the name as it was given.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
