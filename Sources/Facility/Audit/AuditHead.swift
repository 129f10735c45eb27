public import PaymentCrypto

/// The SHA-256 of the audit log's last line, which stands for the whole log.
///
/// Written on paper, it shows later that nothing was cut off.
public struct AuditHead: Hashable, Sendable, CustomStringConvertible {
    /// The digest.
    public let digest: SHA256Digest

    init(of line: some Collection<UInt8>) throws(FacilityError) {
        guard let digest = SHA256Digest(bytes: ContentDigest.sha256(line)) else {
            throw .internalFault("a SHA-256 digest could not be computed")
        }
        self.digest = digest
    }

    /// Reads 64 hexadecimal digits of either case; nil for anything else.
    public init?(_ text: String) {
        guard let digest = SHA256Digest(text) else { return nil }
        self.digest = digest
    }

    /// 64 upper-case hexadecimal digits.
    public var description: String { digest.description.uppercased() }
}

extension AuditHead: Codable {
    /// Reads ``description``.
    public init(from decoder: any Decoder) throws {
        guard let head = AuditHead(try decoder.singleValueContainer().decode(String.self)) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no digest"))
        }
        self = head
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
