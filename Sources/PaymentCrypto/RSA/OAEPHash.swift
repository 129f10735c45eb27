import COpenSSL

/// The hash of RSAES-OAEP, which is the hash of its mask generation function too; the label is empty.
///
/// See RFC 8017, 7.1. Many programs leave MGF1 at SHA-1, which is refused here.
public enum OAEPHash: String, CaseIterable, Sendable {
    /// SHA-256, MGF1 with SHA-256: `RSA_OAEP_SHA_256`.
    case sha256
    /// SHA-512, MGF1 with SHA-512: `RSA_OAEP_SHA_512`.
    case sha512

    /// The name that AWS uses.
    public var reportName: String {
        switch self {
        case .sha256: "RSA_OAEP_SHA_256"
        case .sha512: "RSA_OAEP_SHA_512"
        }
    }

    var algorithm: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .sha512: EVP_sha512()
        }
    }
}
