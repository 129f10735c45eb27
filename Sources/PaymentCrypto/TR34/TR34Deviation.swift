/// One thing in a token that is not as it should be, and was let pass.
public enum TR34Deviation: Sendable, Hashable {
    /// The form is nearest to this profile, but not quite it.
    case mixedProfile(TR34Profile)
    /// The key block inside has the form of Annex D: version 0, or the header as a bare OCTET STRING.
    case annexD
    /// The content is encrypted with AES-256, which TR-34 does not name.
    case aes256Content
    /// The key came under a weaker RSA key.
    case weakerRecipientKey(wrapped: KeyAlgorithm, bitCount: Int)
    /// The key came under a weaker content key.
    case weakerContentKey(wrapped: KeyAlgorithm, under: KeyAlgorithm)
    /// Something in the header is not as X9.143 has it.
    case header(KeyBlockDeviation)

    /// Whether the key arrived under a weaker one: what a policy looks at.
    public var isWeakerTransport: Bool {
        switch self {
        case .weakerRecipientKey, .weakerContentKey: true
        default: false
        }
    }
}

extension TR34Deviation: CustomStringConvertible {
    /// Expected and found, lower case, without a full stop.
    public var description: String {
        switch self {
        case .mixedProfile(let profile):
            "expected one of the known profiles, found a form nearest to \(profile)"
        case .annexD:
            "expected a key block of version 1 with the header as an attribute, found the form of Annex D"
        case .aes256Content:
            "expected TDES or AES-128 as content cipher, found AES-256"
        case .weakerRecipientKey(let wrapped, let bitCount):
            "a key of \(wrapped.reportName) came under the weaker RSA-\(bitCount)"
        case .weakerContentKey(let wrapped, let under):
            "a key of \(wrapped.reportName) came under the weaker content key \(under.reportName)"
        case .header(let deviation):
            "key block header: \(deviation)"
        }
    }
}
