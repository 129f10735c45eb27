import COpenSSL

/// SHA-256 of bytes that are no secret.
public enum ContentDigest {
    /// The 32 bytes, FIPS 180-4.
    public static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes, bytes.count, &digest)
        return digest
    }
}
