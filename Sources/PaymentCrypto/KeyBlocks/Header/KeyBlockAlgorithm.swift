/// The algorithm that a wrapped key belongs to: one character.
///
/// An open set, since numeric codes are proprietary. See ANSI X9.143:2021, 6.3.2, table 3.
public struct KeyBlockAlgorithm: Hashable, Sendable {
    private let code: UInt8

    /// The algorithm of one of the standard's letters, or of a digit, which is proprietary; nil for anything else.
    public init?(_ character: Character) {
        guard let code = character.asciiValue, Self.meanings[code] != nil || ASCII.isDigit(code) else { return nil }
        self.code = code
    }

    /// T or A.
    public init(_ algorithm: KeyAlgorithm) {
        self = algorithm.isTDES ? .tdea : .aes
    }

    /// The algorithm in words, or nil for a proprietary one.
    public var meaning: String? { Self.meanings[code] }

    /// Whether it is RSA, DSA or elliptic curves: what the blocks AL and CT are for.
    public var isAsymmetric: Bool { [.ellipticCurve, .rsa, .dsa].contains(self) }

    /// X9.143:2021, 6.3.2, table 3; I and J are ISO 20038:2017.
    private static let meanings: [UInt8: String] = [
        UInt8(ascii: "A"): "AES",
        UInt8(ascii: "D"): "single DES",
        UInt8(ascii: "E"): "elliptic curve",
        UInt8(ascii: "H"): "HMAC",
        UInt8(ascii: "I"): "HMAC with SHA-2 (ISO 20038)",
        UInt8(ascii: "J"): "HMAC with SHA-3 (ISO 20038)",
        UInt8(ascii: "R"): "RSA",
        UInt8(ascii: "S"): "DSA",
        UInt8(ascii: "T"): "TDES",
    ]
}

extension KeyBlockAlgorithm: CustomStringConvertible {
    /// The character.
    public var description: String { String(Unicode.Scalar(code)) }
}

extension KeyBlockAlgorithm {
    /// For the letters in this module, which are known to be right.
    private init(letter: Unicode.Scalar) {
        code = UInt8(ascii: letter)
    }

    /// AES.
    public static let aes = KeyBlockAlgorithm(letter: "A")
    /// Single DES.
    public static let dea = KeyBlockAlgorithm(letter: "D")
    /// Elliptic curves.
    public static let ellipticCurve = KeyBlockAlgorithm(letter: "E")
    /// HMAC.
    public static let hmac = KeyBlockAlgorithm(letter: "H")
    /// HMAC with SHA-2, ISO 20038.
    public static let hmacSHA2 = KeyBlockAlgorithm(letter: "I")
    /// HMAC with SHA-3, ISO 20038.
    public static let hmacSHA3 = KeyBlockAlgorithm(letter: "J")
    /// RSA.
    public static let rsa = KeyBlockAlgorithm(letter: "R")
    /// DSA.
    public static let dsa = KeyBlockAlgorithm(letter: "S")
    /// TDES.
    public static let tdea = KeyBlockAlgorithm(letter: "T")
}
