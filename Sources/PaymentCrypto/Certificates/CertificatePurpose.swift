/// What a certificate's key is to do, and the bit of its key usage that allows it.
///
/// See RFC 5280, 4.2.1.3.
public enum CertificatePurpose: Sendable, Hashable, CaseIterable {
    /// Receives other keys, as a TR-34 KRD or under RSA-OAEP: keyEncipherment.
    case keyReceiving
    /// Signs what it sends, as a TR-34 KDH: digitalSignature.
    case signing

    /// The name of the bit.
    public var keyUsageName: String {
        switch self {
        case .keyReceiving: "keyEncipherment"
        case .signing: "digitalSignature"
        }
    }
}
