/// Where a wrapped key is meant to be.
///
/// See ANSI X9.143:2021, 6.2, table 1; in TR-31:2018 this character was one of two reserved ones, always 0.
public enum KeyContext: UInt8, CaseIterable, Sendable, Hashable {
    /// As the wrapping key has it.
    case byWrappingKey = 0x30
    /// Storage only.
    case storage = 0x31
    /// Exchange only.
    case exchange = 0x32

    /// The context of one of the digits, or nil.
    public init?(_ character: Character) {
        guard let code = character.asciiValue else { return nil }
        self.init(rawValue: code)
    }

    /// The context in words.
    public var meaning: String {
        switch self {
        case .byWrappingKey: "as the wrapping key has it"
        case .storage: "storage"
        case .exchange: "exchange"
        }
    }
}

extension KeyContext: CustomStringConvertible {
    /// The digit.
    public var description: String { String(Unicode.Scalar(rawValue)) }
}
