import PaymentCrypto

/// A value that JSON holds as its text, and that is parsed again when it is read.
protocol TextCodable: Codable, CustomStringConvertible {
    init?(_ text: String)
}

extension TextCodable {
    /// Reads the text; what is no such value is damage.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(Self.self)"))
        }
        self = value
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension RunIdentifier: TextCodable {}
extension LedgerHead: TextCodable {}
extension OperatorName: TextCodable {}
extension AuditHead: TextCodable {}
extension SHA256Digest: TextCodable {}
extension KeyFingerprint: TextCodable {}
