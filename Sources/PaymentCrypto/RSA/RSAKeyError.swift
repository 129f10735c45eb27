/// Why a public key is none that this module works with; equal by kind.
public enum RSAKeyError: Error, Equatable, Sendable {
    /// Not the DER of a public key, or not in the one form that DER allows.
    case malformed
    /// A key of another algorithm, RSASSA-PSS and RSAES-OAEP keys included.
    case notRSA
    /// The modulus is too short or too long.
    case unusableSize(bitCount: Int)
    /// The public exponent is even, below 65537 or above 64 bits.
    case unusableExponent
    /// OpenSSL failed.
    case engine(EngineError)
}

extension RSAKeyError: CustomStringConvertible {
    /// Expected and found, lower case, without a full stop.
    public var description: String {
        switch self {
        case .malformed: "expected an RSA public key in DER, found something else"
        case .notRSA: "expected an RSA key, found one of another algorithm"
        case .unusableSize(let bitCount): "expected an RSA key of 2048 to 4096 bits, found \(bitCount) bits"
        case .unusableExponent: "expected an odd public exponent of 65537 to 64 bits, found another"
        case .engine(let error): error.description
        }
    }
}
