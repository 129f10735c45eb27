import COpenSSL

/// The library that does the cryptography of keys in memory.
public enum CryptographicLibrary {
    /// Its name, version and date, as it says them itself.
    public static var version: String {
        OpenSSL_version(OPENSSL_VERSION).map { String(cString: $0) } ?? "OpenSSL"
    }

    /// Whether it has the cipher: a provider may be missing, or a policy forbid it.
    public static func offers(_ algorithm: KeyAlgorithm) -> Bool {
        guard (try? FetchedCipher.ecb(algorithm)) != nil else { return false }
        return true
    }
}
