/// The signed attributes that a token must have.
public enum TR34Attribute: Sendable, Hashable {
    /// What the signed content is.
    case contentType
    /// The digest of the signed content.
    case messageDigest
    /// The header of the key.
    case header

    var type: [UInt8] {
        switch self {
        case .contentType: DERIdentifier.contentType
        case .messageDigest: DERIdentifier.messageDigest
        case .header: DERIdentifier.data
        }
    }
}

extension TR34Attribute: CustomStringConvertible {
    /// For a message.
    public var description: String {
        switch self {
        case .contentType: "contentType"
        case .messageDigest: "messageDigest"
        case .header: "the key block header (id-data)"
        }
    }
}
