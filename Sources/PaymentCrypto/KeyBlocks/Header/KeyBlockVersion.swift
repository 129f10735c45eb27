/// The first character of a key block: which protection it has.
///
/// See ANSI X9.143:2021, 6.2, table 1; version E is ISO 20038:2017.
public enum KeyBlockVersion: UInt8, CaseIterable, Sendable, Hashable {
    /// Key variants under a TDES key, TR-31:2005; deprecated, only opened.
    case a = 0x41
    /// Derived keys under a TDES key, CBC and CMAC.
    case b = 0x42
    /// Key variants under a TDES key, TR-31:2010; deprecated, only opened.
    case c = 0x43
    /// Derived keys under an AES key, CBC and CMAC.
    case d = 0x44
    /// Derived keys under an AES key, CTR and CMAC.
    case e = 0x45

    /// The version of an upper-case letter from A to E, or nil.
    public init?(_ character: Character) {
        guard let code = character.asciiValue else { return nil }
        self.init(rawValue: code)
    }

    /// The version under a key of this algorithm where nothing else is asked for.
    public static func standard(under wrapping: KeyAlgorithm) -> KeyBlockVersion { wrapping.isTDES ? .b : .d }

    /// Whether the key that protects the block is a TDES key; for D and E it is an AES key.
    public var isTDES: Bool { self == .a || self == .b || self == .c }

    /// The length of a cipher block in bytes; the optional blocks together are a multiple of as many characters.
    public var blockByteCount: Int { isTDES ? 8 : 16 }

    /// The length of the authenticator in bytes, which is written as twice as many digits.
    public var macByteCount: Int {
        switch self {
        case .a, .c: 4
        case .b: 8
        case .d, .e: 16
        }
    }

    /// Whether this library makes such blocks: A and C are only opened.
    public var canBeMade: Bool { self == .b || self == .d || self == .e }

    /// Whether the encrypted part is a whole number of cipher blocks; CTR mode needs no padding.
    var isPaddedToBlocks: Bool { self != .e }
}

extension KeyBlockVersion: CustomStringConvertible {
    /// The letter.
    public var description: String { String(Unicode.Scalar(rawValue)) }
}
