/// What may be done with a key.
///
/// See ANSI X9.143:2021, 6.3.3, table 4.
public enum ModeOfUse: UInt8, CaseIterable, Sendable, Hashable {
    /// Encrypt and decrypt, wrap and unwrap.
    case encryptAndDecrypt = 0x42
    /// Generate and verify a MAC.
    case macBoth = 0x43
    /// Decrypt or unwrap only.
    case decrypt = 0x44
    /// Encrypt or wrap only.
    case encrypt = 0x45
    /// Generate a MAC only.
    case macGenerate = 0x47
    /// No restriction but those of the usage.
    case noRestriction = 0x4E
    /// Sign only.
    case sign = 0x53
    /// Sign and decrypt.
    case signAndDecrypt = 0x54
    /// Verify only, a MAC or a signature.
    case macVerify = 0x56
    /// Derive other keys.
    case deriveKeys = 0x58
    /// Create key variants.
    case createVariants = 0x59

    /// A signature is verified by the same letter as a MAC.
    public static let verify = ModeOfUse.macVerify

    /// The mode of one of the letters, or nil.
    public init?(_ character: Character) {
        guard let code = character.asciiValue else { return nil }
        self.init(rawValue: code)
    }

    /// Whether a key with this mode may be handed on with `narrower`: the same, or a subset.
    public func permits(_ narrower: ModeOfUse) -> Bool {
        switch (self, narrower) {
        case (.noRestriction, _): true
        case (.encryptAndDecrypt, .encrypt), (.encryptAndDecrypt, .decrypt): true
        case (.macBoth, .macGenerate), (.macBoth, .macVerify): true
        case (.signAndDecrypt, .sign), (.signAndDecrypt, .decrypt): true
        default: self == narrower
        }
    }

    /// The mode in words.
    public var meaning: String {
        switch self {
        case .encryptAndDecrypt: "encrypt and decrypt"
        case .macBoth: "generate and verify MACs"
        case .decrypt: "decrypt only"
        case .encrypt: "encrypt only"
        case .macGenerate: "generate MACs only"
        case .noRestriction: "no restriction"
        case .sign: "sign only"
        case .signAndDecrypt: "sign and decrypt"
        case .macVerify: "verify only"
        case .deriveKeys: "derive keys"
        case .createVariants: "create key variants"
        }
    }
}

extension ModeOfUse: CustomStringConvertible {
    /// The letter.
    public var description: String { String(Unicode.Scalar(rawValue)) }
}
