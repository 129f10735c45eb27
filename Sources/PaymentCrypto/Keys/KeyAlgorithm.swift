/// A symmetric cipher with its key length.
public enum KeyAlgorithm: String, CaseIterable, Sendable, Hashable {
    /// TDES with two keys of 8 bytes, used K1 K2 K1.
    case tdes2Key = "tdes-2key"
    /// TDES with three keys of 8 bytes.
    case tdes3Key = "tdes-3key"
    /// AES with a key of 16 bytes.
    case aes128 = "aes-128"
    /// AES with a key of 24 bytes.
    case aes192 = "aes-192"
    /// AES with a key of 32 bytes.
    case aes256 = "aes-256"

    /// The length of a key in bytes.
    public var byteCount: Int {
        switch self {
        case .tdes2Key, .aes128: 16
        case .tdes3Key, .aes192: 24
        case .aes256: 32
        }
    }

    /// The length of a cipher block in bytes: 8 or 16.
    public var blockByteCount: Int { isTDES ? 8 : 16 }

    /// Whether it is TDES; the others are AES.
    public var isTDES: Bool { self == .tdes2Key || self == .tdes3Key }

    /// The name that reports use, as AWS spells it with a hyphen: `TDES-2KEY`, `AES-128`.
    public var reportName: String { rawValue.uppercased() }

    /// The TDES or AES algorithm with keys of this many bytes.
    public init?(isTDES: Bool, byteCount: Int) {
        guard let match = Self.allCases.first(where: { $0.isTDES == isTDES && $0.byteCount == byteCount }) else {
            return nil
        }
        self = match
    }
}
