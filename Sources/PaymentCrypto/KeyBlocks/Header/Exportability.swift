/// Whether the receiver may hand a key on.
///
/// See ANSI X9.143:2021, 6.3.5, table 6.
public enum Exportability: UInt8, CaseIterable, Sendable, Hashable {
    /// Under a trusted key, in a key block that keeps the header.
    case trusted = 0x45
    /// Not at all.
    case none = 0x4E
    /// Under any key, also in a form without a header.
    case sensitive = 0x53

    /// The exportability of one of the letters, or nil.
    public init?(_ character: Character) {
        guard let code = character.asciiValue else { return nil }
        self.init(rawValue: code)
    }

    /// Whether a key with this exportability may be handed on with `narrower`: the same, or more restrictive.
    public func permits(_ narrower: Exportability) -> Bool {
        switch (self, narrower) {
        case (.sensitive, _), (.trusted, .none): true
        default: self == narrower
        }
    }

    /// The exportability in words.
    public var meaning: String {
        switch self {
        case .trusted: "exportable in a trusted key block"
        case .none: "not exportable"
        case .sensitive: "sensitive, exportable under any key"
        }
    }
}

extension Exportability: CustomStringConvertible {
    /// The letter.
    public var description: String { String(Unicode.Scalar(rawValue)) }
}
