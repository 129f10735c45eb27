import SwiftASN1

/// ```
/// ContentInfo ::= SEQUENCE {
///   contentType ContentType,
///   content [0] EXPLICIT ANY DEFINED BY contentType }
/// ```
///
/// RFC 5652, 3. Here with signed data as its content.
struct ContentInfo {
    let signedData: SignedData

    init(signedData: SignedData) {
        self.signedData = signedData
    }

    init(_ node: ASN1Node) throws(TR34Error) {
        var elements = try DERElements(node, .sequence, in: .contentInfo)
        try elements.next().require(DERIdentifier.signedData, in: .contentInfo)
        let content = try elements.next().explicit(0, in: .contentInfo)
        try elements.end()
        signedData = try SignedData(content)
    }

    func serialize(into coder: inout DER.Serializer) {
        coder.sequence { coder in
            coder.encoded(DERIdentifier.signedData)
            coder.appendConstructedNode(identifier: .context(0)) { signedData.serialize(into: &$0) }
        }
    }
}
