/// The name of a key in the keyring: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
public struct KeyName: Hashable, Sendable, CustomStringConvertible {
    /// The name as it was given.
    public let description: String

    /// Nil for anything that is no name.
    public init?(_ text: String) {
        let characters = Array(text.utf8)
        guard (1...64).contains(characters.count), let first = characters.first, Self.isAlphanumeric(first),
            characters.allSatisfy({ Self.isAlphanumeric($0) || Self.marks.contains($0) })
        else { return nil }
        description = text
    }

    private static let marks = Array("._-".utf8)

    private static func isAlphanumeric(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
