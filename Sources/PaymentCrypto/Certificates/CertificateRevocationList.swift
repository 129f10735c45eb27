/// A list of revoked certificates, as its authority signed it.
///
/// See RFC 5280, 5.
public final class CertificateRevocationList: Sendable {
    /// The list as it came.
    public let der: [UInt8]

    /// Takes one list in DER, with nothing before or behind it.
    public init(der: [UInt8]) throws(CertificateError) {
        let isOneSequence = der.withUnsafeBytes { bytes in
            var reader = DERReader(bytes)
            return reader.next(DERTag.sequence) != nil && reader.isAtEnd
        }
        guard isOneSequence else { throw .malformed("expected a revocation list in DER, found something else") }
        self.der = der
    }
}
