import Facility
import PaymentCrypto

/// A file with certificates or revocation lists: PEM, DER, or Base64 of PEM, as the AWS command line prints it.
struct CertificateFile {
    private let path: String
    private let content: [UInt8]

    /// A chain has a handful of certificates, and a revocation list of an authority for terminals may be long.
    private static let maximumByteCount = 16 << 20

    /// Reads the whole file; `-` is standard input.
    init(_ path: String) throws {
        self.path = path
        content = try InputFile.read(path, maximumByteCount: Self.maximumByteCount)
    }

    /// Every certificate in it, at least one.
    func certificates() throws -> [Certificate] {
        try explaining { () throws(CertificateError) in try Certificate.bundle(content) }
    }

    /// The one certificate that it has, or the first of a chain, which is the leaf.
    func leaf() throws -> Certificate {
        guard let first = try certificates().first else {
            throw CommandFailure(.badInput, at: path, "expected a certificate, found none")
        }
        return first
    }

    /// Every revocation list in it, at least one.
    func revocationLists() throws -> [CertificateRevocationList] {
        try explaining { () throws(CertificateError) in try CertificateRevocationList.read(content) }
    }

    private func explaining<R>(_ body: () throws(CertificateError) -> R) throws -> R {
        do throws(CertificateError) { return try body() } catch {
            throw CommandFailure(.badInput, at: path, "\(error)")
        }
    }
}
