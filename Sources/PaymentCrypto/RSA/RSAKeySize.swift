/// The length of an RSA key's modulus, for keys that are made here.
public enum RSAKeySize: String, Codable, CaseIterable, Sendable {
    /// 2048 bits.
    case rsa2048 = "rsa-2048"
    /// 3072 bits.
    case rsa3072 = "rsa-3072"
    /// 4096 bits.
    case rsa4096 = "rsa-4096"

    /// The length in bits.
    public var bitCount: Int {
        switch self {
        case .rsa2048: 2048
        case .rsa3072: 3072
        case .rsa4096: 4096
        }
    }

    /// The name that AWS uses: `RSA_2048`.
    public var reportName: String { "RSA_\(bitCount)" }

    /// The size of exactly so many bits, if it is one of these.
    public init?(bitCount: Int) {
        guard let match = Self.allCases.first(where: { $0.bitCount == bitCount }) else { return nil }
        self = match
    }
}
