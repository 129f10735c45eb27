/// Why a key cryptogram cannot be made or opened; nothing secret is in any of them.
public enum KeyCryptogramError: Error, Equatable, Sendable {
    /// A key is never wrapped under a weaker one.
    case weakerKey(wrapped: KeyAlgorithm, bitCount: Int)
    /// Keys of this algorithm do not travel under RSA.
    case notCarried(KeyAlgorithm)
    /// Not as many bytes as the modulus has.
    case wrongLength(expected: Int, found: Int)
    /// Another RSA key, hash or length of key than expected, or something was changed: nothing tells them apart.
    case wrongKeyOrAltered(KeyAlgorithm)
    /// OpenSSL failed.
    case engine(EngineError)
}

extension KeyCryptogramError: CustomStringConvertible {
    /// Expected and found, lower case, without a full stop.
    public var description: String {
        switch self {
        case .weakerKey(let wrapped, let bitCount):
            "a key of \(wrapped.reportName) is not wrapped under the weaker RSA key of \(bitCount) bits"
        case .notCarried(let algorithm):
            "a key of \(algorithm.reportName) does not travel under an RSA key: none is as strong"
        case .wrongLength(let expected, let found):
            "expected a cryptogram of \(expected) bytes, as long as the RSA key, found \(found) bytes"
        case .wrongKeyOrAltered(let algorithm):
            "wrong key or hash, altered cryptogram, or no \(algorithm.reportName) key in it"
        case .engine(let error): error.description
        }
    }
}
