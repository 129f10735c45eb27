/// The wire forms that tokens have: four are in use.
public enum TR34Profile: String, CaseIterable, Sendable, Hashable {
    /// AWS and Diebold, 'X9_TR34_2012': the envelope without its SEQUENCE.
    case aws2012
    /// The samples that X9 TR-34:2012, Annex B, prints.
    case x9v2012 = "x9-2012"
    /// The corrected samples of 2019.
    case x9v2019 = "x9-2019"
    /// Strict RFC 5652.
    case cms

    /// Whether the sender's revocation list goes into the token.
    public var carriesRevocationList: Bool { self != .aws2012 }

    var frame: EnvelopedData.Frame { self == .aws2012 ? .bare : .sequence }

    var place: EncryptedContentInfo.Place {
        self == .aws2012 || self == .x9v2012 ? .insideAlgorithm : .besideAlgorithm
    }

    var parameters: OAEPParameters { self == .cms ? .tagged : .untagged }

    /// RFC 5652, 5.1: 3 where the content is something else than data.
    var signedDataVersion: UInt8 { self == .cms ? 3 : 1 }

    /// Whether the signed attributes are in DER's order; the others have that of the samples.
    var sortsAttributes: Bool { self == .cms }

    /// The profile that an envelope comes nearest to.
    init(_ envelope: EnvelopedData) {
        let place = envelope.encryptedContent.place
        self =
            switch (envelope.frame, place, envelope.recipient.parameters) {
            case (.bare, _, _): .aws2012
            case (_, .insideAlgorithm, _): .x9v2012
            case (_, .besideAlgorithm, .untagged): .x9v2019
            case (_, .besideAlgorithm, .tagged): .cms
            }
    }

    /// Whether an envelope has this form in every detail.
    func matches(_ envelope: EnvelopedData) -> Bool {
        envelope.frame == frame && envelope.encryptedContent.place == place
            && envelope.recipient.parameters == parameters
    }
}

extension TR34Profile: CustomStringConvertible {
    /// As in an option.
    public var description: String { rawValue }
}
