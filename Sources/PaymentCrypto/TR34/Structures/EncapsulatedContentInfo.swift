import SwiftASN1

/// ```
/// EncapsulatedContentInfo ::= SEQUENCE {
///   eContentType ContentType,
///   eContent [0] EXPLICIT OCTET STRING OPTIONAL }
/// ```
///
/// RFC 5652, 5.2. The digest that is signed is that of the octets, not of their DER.
struct EncapsulatedContentInfo {
    let content: [UInt8]

    init(content: [UInt8]) {
        self.content = content
    }

    init(_ node: ASN1Node) throws(TR34Error) {
        var elements = try DERElements(node, .sequence, in: .encapsulatedContent)
        try elements.next().require(DERIdentifier.envelopedData, in: .encapsulatedContent)
        let octets = try elements.next().explicit(0, in: .encapsulatedContent)
        content = Array(try octets.contents(.octetString, in: .encapsulatedContent))
        try elements.end()
    }

    func serialize(into coder: inout DER.Serializer) {
        coder.sequence { coder in
            coder.encoded(DERIdentifier.envelopedData)
            coder.appendConstructedNode(identifier: .context(0)) { $0.primitive(.octetString, content) }
        }
    }
}
