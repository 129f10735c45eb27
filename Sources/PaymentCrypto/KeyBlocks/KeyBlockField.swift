/// A field of the 16-character header, for messages.
public enum KeyBlockField: String, Sendable, Hashable, CaseIterable {
    /// Character 0.
    case version
    /// Characters 1 to 4.
    case length
    /// Characters 5 and 6.
    case keyUsage = "key usage"
    /// Character 7.
    case algorithm
    /// Character 8.
    case modeOfUse = "mode of use"
    /// Characters 9 and 10.
    case keyVersion = "key version"
    /// Character 11.
    case exportability
    /// Characters 12 and 13.
    case optionalBlockCount = "number of optional blocks"
    /// Character 14.
    case keyContext = "key context"
    /// Character 15.
    case reserved

    /// What the field may hold, in words.
    var expectation: String {
        switch self {
        case .version: "A, B, C, D or E"
        case .length: "4 decimal digits"
        case .keyUsage, .keyVersion: "2 letters or digits"
        case .algorithm: "A, D, E, H, I, J, R, S, T or a digit"
        case .modeOfUse: "B, C, D, E, G, N, S, T, V, X or Y"
        case .exportability: "E, N or S"
        case .optionalBlockCount: "2 decimal digits"
        case .keyContext: "0, 1 or 2"
        case .reserved: "0"
        }
    }
}

extension KeyBlockField: CustomStringConvertible {
    /// The field in words.
    public var description: String { rawValue }
}
