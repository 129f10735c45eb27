import SwiftASN1

/// ```
/// EnvelopedData ::= SEQUENCE {
///   version CMSVersion,
///   recipientInfos RecipientInfos,
///   encryptedContentInfo EncryptedContentInfo }
/// ```
///
/// RFC 5652, 6.1; without originator and unprotected attributes.
struct EnvelopedData {
    /// How the octets of the signed content hold it.
    enum Frame: Sendable, Hashable {
        /// The three elements without the SEQUENCE around them: AWS and Diebold.
        case bare
        /// With it: CMS.
        case sequence
        /// With it, inside a ContentInfo.
        case contentInfo
    }

    let frame: Frame
    let recipient: KeyTransRecipientInfo
    let encryptedContent: EncryptedContentInfo

    init(frame: Frame, recipient: KeyTransRecipientInfo, encryptedContent: EncryptedContentInfo) {
        self.frame = frame
        self.recipient = recipient
        self.encryptedContent = encryptedContent
    }

    /// Reads the octets of the signed content, in whichever frame they are.
    init(content: [UInt8]) throws(TR34Error) {
        let (frame, node) = try Self.unframed(content)
        self.frame = frame
        var elements = try DERElements(node, .sequence, in: .envelopedData)
        guard try elements.next().contents(.integer, in: .envelopedData).elementsEqual([0]) else {
            throw .malformed(.envelopedData)
        }
        recipient = try Self.onlyRecipient(elements.next())
        encryptedContent = try EncryptedContentInfo(elements.next())
        try elements.end()
    }

    /// The octets of the signed content.
    var content: [UInt8] {
        var coder = DER.Serializer()
        switch frame {
        case .bare: serializeElements(into: &coder)
        default: coder.sequence { serializeElements(into: &$0) }
        }
        return coder.serializedBytes
    }

    private func serializeElements(into coder: inout DER.Serializer) {
        coder.smallInteger(0)
        coder.set { recipient.serialize(into: &$0) }
        encryptedContent.serialize(into: &coder)
    }

    private static func unframed(_ content: [UInt8]) throws(TR34Error) -> (Frame, ASN1Node) {
        guard content.first == 0x30 else {
            var coder = DER.Serializer()
            coder.sequence { $0.encoded(content) }
            return (.bare, try ASN1Node.parse(coder.serializedBytes, as: .envelopedData))
        }
        let node = try ASN1Node.parse(content, as: .envelopedData)
        var elements = try DERElements(node, .sequence, in: .envelopedData)
        guard let type = elements.next(if: .objectIdentifier) else { return (.sequence, node) }
        try type.require(DERIdentifier.envelopedData, in: .envelopedData)
        let inner = try elements.next().explicit(0, in: .envelopedData)
        try elements.end()
        return (.contentInfo, inner)
    }

    private static func onlyRecipient(_ node: ASN1Node) throws(TR34Error) -> KeyTransRecipientInfo {
        var elements = try DERElements(node, .set, in: .envelopedData)
        let recipients = elements.rest()
        guard let only = recipients.first, recipients.count == 1 else {
            throw .recipientCount(found: recipients.count)
        }
        return try KeyTransRecipientInfo(only)
    }
}
