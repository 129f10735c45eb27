/// The length of an RSA key's modulus.
public enum RSAKeySize: String, Codable, CaseIterable, Sendable {
    /// 2048 bits.
    case rsa2048 = "rsa-2048"
    /// 3072 bits.
    case rsa3072 = "rsa-3072"
    /// 4096 bits.
    case rsa4096 = "rsa-4096"
}
