/// How a key leaves for a device or a partner.
public enum KeyTransport: String, Codable, CaseIterable, Sendable, CustomStringConvertible {
    /// A key block, X9.143.
    case tr31
    /// A TR-34 token.
    case tr34
    /// A cryptogram under an RSA key.
    case rsaOAEP = "rsa-oaep"

    /// As the command line says it.
    public var description: String { rawValue }
}
