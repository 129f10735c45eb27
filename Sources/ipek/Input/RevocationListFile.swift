import PaymentCrypto

/// A file with certificate revocation lists, PEM or DER.
enum RevocationListFile {
    /// The list of an authority for terminals may be long.
    private static let maximumByteCount = 16 << 20

    /// Every list in it, at least one; `-` is standard input.
    static func read(_ path: String) throws -> [CertificateRevocationList] {
        let content = try InputFile.read(path, maximumByteCount: maximumByteCount)
        return try CertificateRefusal.naming(path) { try CertificateRevocationList.read(content) }
    }
}
