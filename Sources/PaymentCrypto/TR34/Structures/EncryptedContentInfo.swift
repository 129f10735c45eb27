import SwiftASN1

/// ```
/// EncryptedContentInfo ::= SEQUENCE {
///   contentType ContentType,
///   contentEncryptionAlgorithm ContentEncryptionAlgorithmIdentifier,
///   encryptedContent [0] IMPLICIT EncryptedContent OPTIONAL }
/// ```
///
/// RFC 5652, 6.1. The printed samples of X9 TR-34:2012, Annex B, and AWS write `encryptedContent` inside the algorithm,
/// behind the initialisation vector.
struct EncryptedContentInfo {
    /// Where the encrypted content stands.
    enum Place: Sendable, Hashable {
        case besideAlgorithm
        case insideAlgorithm
    }

    let place: Place
    let cipher: TR34ContentCipher
    let initialisationVector: [UInt8]
    let encryptedContent: [UInt8]

    init(
        place: Place, cipher: TR34ContentCipher, initialisationVector: [UInt8], encryptedContent: [UInt8]
    ) {
        self.place = place
        self.cipher = cipher
        self.initialisationVector = initialisationVector
        self.encryptedContent = encryptedContent
    }

    init(_ node: ASN1Node) throws(TR34Error) {
        var elements = try DERElements(node, .sequence, in: .encryptedContent)
        try elements.next().require(DERIdentifier.data, in: .encryptedContent)
        var algorithm = try DERElements(elements.next(), .sequence, in: .encryptedContent)
        let identifier = try algorithm.next()
        guard let cipher = TR34ContentCipher(identifier) else {
            throw identifier.identifier == .objectIdentifier ? .contentCipher : .malformed(.encryptedContent)
        }
        self.cipher = cipher
        initialisationVector = Array(try algorithm.next().contents(.octetString, in: .encryptedContent))
        let content: ASN1Node
        if let inside = algorithm.next(if: .context(0)) {
            (place, content) = (.insideAlgorithm, inside)
        } else {
            (place, content) = (.besideAlgorithm, try elements.next())
        }
        encryptedContent = Array(try content.contents(.context(0), in: .encryptedContent))
        try algorithm.end()
        try elements.end()
        // CBC with padding: at least one block, and whole ones.
        guard initialisationVector.count == cipher.blockByteCount, !encryptedContent.isEmpty,
            encryptedContent.count.isMultiple(of: cipher.blockByteCount)
        else { throw .malformed(.encryptedContent) }
    }

    func serialize(into coder: inout DER.Serializer) {
        coder.sequence { coder in
            coder.encoded(DERIdentifier.data)
            coder.sequence { coder in
                coder.encoded(cipher.identifier)
                coder.primitive(.octetString, initialisationVector)
                if place == .insideAlgorithm { coder.primitive(.context(0), encryptedContent) }
            }
            if place == .besideAlgorithm { coder.primitive(.context(0), encryptedContent) }
        }
    }
}
