import SwiftASN1

/// ```
/// SignedAttributes ::= SET SIZE (1..MAX) OF Attribute
/// Attribute ::= SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF AttributeValue }
/// ```
///
/// RFC 5652, 5.3. They are signed in the order in which they are written, which is DER's order in some profiles only.
struct SignedAttributes {
    /// With the tag `[0]` that they have in a SignerInfo.
    let encoded: [UInt8]
    let messageDigest: [UInt8]
    /// The header of the key.
    let header: TR34Header
    let signingTime: Moment?

    /// The nonce, or the signing time where there is none.
    let freshness: TR34Freshness

    /// What the signature is over: the same with the tag of a SET.
    ///
    /// RFC 5652, 5.4.
    var signedMessage: [UInt8] {
        var message = encoded
        if !message.isEmpty { message[0] = 0x31 }
        return message
    }

    init(_ node: ASN1Node) throws(TR34Error) {
        let values = try Self.values(node)
        guard let type = values[DERIdentifier.contentType] else { throw .missingAttribute(.contentType) }
        guard type.isEncoded(as: DERIdentifier.envelopedData) else { throw .contentType }
        messageDigest = try Self.octets(.messageDigest, in: values)
        header = try TR34Header(text: Self.octets(.header, in: values))
        let signingTime = try Self.time(values[DERIdentifier.signingTime])
        let nonce = try Self.nonce(values[DERIdentifier.randomNonce])
        guard let freshness = nonce.map(TR34Freshness.nonce) ?? signingTime.map(TR34Freshness.signingTime) else {
            throw .noFreshness
        }
        self.freshness = freshness
        self.signingTime = signingTime
        encoded = Array(node.encodedBytes)
    }

    /// Writes them: in DER's order where `sorted`, else in that of X9's samples.
    init(
        digest: [UInt8], header: TR34Header, freshness: TR34Freshness, sorted: Bool
    ) {
        let attributes = [
            Self.attribute(DERIdentifier.contentType) { $0.encoded(DERIdentifier.envelopedData) },
            freshness.attribute,
            header.attribute,
            Self.attribute(DERIdentifier.messageDigest) { $0.primitive(.octetString, digest) },
        ]
        var coder = DER.Serializer()
        coder.appendConstructedNode(identifier: .context(0)) { coder in
            for attribute in sorted ? attributes.sorted(by: { $0.lexicographicallyPrecedes($1) }) : attributes {
                coder.encoded(attribute)
            }
        }
        encoded = coder.serializedBytes
        messageDigest = digest
        self.header = header
        self.freshness = freshness
        signingTime = freshness.signingTime
    }

    /// One attribute with one value.
    static func attribute(_ type: [UInt8], _ value: (inout DER.Serializer) -> Void) -> [UInt8] {
        var coder = DER.Serializer()
        coder.sequence { coder in
            coder.encoded(type)
            coder.set(value)
        }
        return coder.serializedBytes
    }

    /// The value of each attribute; each type once, each with one value.
    private static func values(_ node: ASN1Node) throws(TR34Error) -> [[UInt8]: ASN1Node] {
        var elements = try DERElements(node, .context(0), in: .signedAttributes)
        var values: [[UInt8]: ASN1Node] = [:]
        for attribute in elements.rest() {
            var members = try DERElements(attribute, .sequence, in: .signedAttributes)
            let type = try members.next()
            _ = try type.contents(.objectIdentifier, in: .signedAttributes)
            var set = try DERElements(members.next(), .set, in: .signedAttributes)
            let value = try set.next()
            try set.end()
            try members.end()
            let earlier = values.updateValue(value, forKey: Array(type.encodedBytes))
            guard earlier == nil else { throw .duplicateAttribute }
        }
        return values
    }

    private static func octets(
        _ attribute: TR34Attribute, in values: [[UInt8]: ASN1Node]
    ) throws(TR34Error) -> [UInt8] {
        guard let value = values[attribute.type] else { throw .missingAttribute(attribute) }
        return Array(try value.contents(.octetString, in: .signedAttributes))
    }

    private static func nonce(_ value: ASN1Node?) throws(TR34Error) -> TR34Nonce? {
        guard let value else { return nil }
        let bytes = Array(try value.contents(.octetString, in: .signedAttributes))
        guard let nonce = TR34Nonce(bytes: bytes) else { throw .nonceLength(found: bytes.count) }
        return nonce
    }

    private static func time(_ value: ASN1Node?) throws(TR34Error) -> Moment? {
        guard let value else { return nil }
        guard let time = Moment(value) else { throw .malformed(.signedAttributes) }
        return time
    }
}
