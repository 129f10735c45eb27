import FoundationEssentials
import PaymentCrypto

/// Bytes that are no secret, as the site's files write them.
enum Base64 {
    static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    static func bytes(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}

extension Certificate {
    /// Nil where the text is no certificate.
    convenience init?(base64 text: String) {
        guard let der = Base64.bytes(text) else { return nil }
        do throws(CertificateError) { try self.init(der: der) } catch { return nil }
    }
}
