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

    /// Fetched once: OpenSSL would look for it anew at each of the dozen digests of a mask.
    var algorithm: OpaquePointer? {
        switch self {
        case .sha256: Self.fetchedSHA256.algorithm
        case .sha512: Self.fetchedSHA512.algorithm
        }
    }

    /// Unchecked: a fetched EVP_MD is immutable and counted by reference, and these are never freed.
    private struct Fetched: @unchecked Sendable {
        let algorithm: OpaquePointer?
    }

    private static let fetchedSHA256 = Fetched(algorithm: EVP_MD_fetch(nil, "SHA256", nil))
    private static let fetchedSHA512 = Fetched(algorithm: EVP_MD_fetch(nil, "SHA512", nil))
}
