import SwiftASN1

/// ```
/// KeyTransRecipientInfo ::= SEQUENCE {
///   version CMSVersion,
///   rid RecipientIdentifier,
///   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
///   encryptedKey EncryptedKey }
/// ```
///
/// RFC 5652, 6.2.1. Here `rid` is an IssuerAndSerialNumber, and the algorithm is RSAES-OAEP.
struct KeyTransRecipientInfo {
    let recipient: IssuerAndSerialNumber
    let parameters: OAEPParameters
    let encryptedKey: [UInt8]

    init(recipient: IssuerAndSerialNumber, parameters: OAEPParameters, encryptedKey: [UInt8]) {
        self.recipient = recipient
        self.parameters = parameters
        self.encryptedKey = encryptedKey
    }

    init(_ node: ASN1Node) throws(TR34Error) {
        var elements = try DERElements(node, .sequence, in: .recipientInfo)
        guard try elements.next().contents(.integer, in: .recipientInfo).elementsEqual([0]) else {
            throw .malformed(.recipientInfo)
        }
        recipient = try IssuerAndSerialNumber(elements.next())
        parameters = try OAEPParameters(algorithm: elements.next())
        encryptedKey = Array(try elements.next().contents(.octetString, in: .recipientInfo))
        try elements.end()
    }

    func serialize(into coder: inout DER.Serializer) {
        coder.sequence { coder in
            coder.smallInteger(0)
            coder.encoded(recipient.encoded)
            coder.encoded(parameters.algorithm)
            coder.primitive(.octetString, encryptedKey)
        }
    }
}
