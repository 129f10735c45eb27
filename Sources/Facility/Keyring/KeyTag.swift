/// The facility's own word about a key, such as `acquirer=North Bank`.
public struct KeyTag: Sendable, Equatable, CustomStringConvertible {
    /// What it is about: `[a-z0-9][a-z0-9_.-]{0,31}`.
    public let name: String
    /// What it says, up to 128 printable ASCII characters; nil takes the tag away.
    public let value: String?

    /// Reads `name=value`, or `name=` to take a tag away; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, Self.isName(parts[0].utf8), parts[1].utf8.count <= 128,
            parts[1].utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        name = String(parts[0])
        value = parts[1].isEmpty ? nil : String(parts[1])
    }

    /// What a tag is, for messages.
    public static let expectation =
        "NAME=VALUE with a name of 1 to 32 small letters, digits, '_', '.' and '-', the first a letter or digit, "
        + "and a value of at most 128 printable ASCII characters, none to take the tag away"

    /// The tag as it is given.
    public var description: String { "\(name)=\(value ?? "")" }

    private static let marks = Array("_.-".utf8)

    private static func isName(_ characters: Substring.UTF8View) -> Bool {
        guard (1...32).contains(characters.count), let first = characters.first, isAlphanumeric(first) else {
            return false
        }
        return characters.allSatisfy { isAlphanumeric($0) || marks.contains($0) }
    }

    private static func isAlphanumeric(_ character: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }
}

extension KeyAnnotations {
    /// Sets a tag, or takes it away.
    public mutating func apply(_ tag: KeyTag) {
        tags[tag.name] = tag.value
    }

    /// Ends the key's use; it ends once.
    public mutating func retire(_ name: KeyName, _ new: Retirement) throws(FacilityError) {
        guard retirement == nil else { throw .alreadyRetired(name, retirement ?? new) }
        retirement = new
    }
}
