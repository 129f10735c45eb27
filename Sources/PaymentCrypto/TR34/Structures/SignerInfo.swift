import SwiftASN1

/// ```
/// SignerInfo ::= SEQUENCE {
///   version CMSVersion,
///   sid SignerIdentifier,
///   digestAlgorithm DigestAlgorithmIdentifier,
///   signedAttrs [0] IMPLICIT SignedAttributes OPTIONAL,
///   signatureAlgorithm SignatureAlgorithmIdentifier,
///   signature SignatureValue,
///   unsignedAttrs [1] IMPLICIT UnsignedAttributes OPTIONAL }
/// ```
///
/// RFC 5652, 5.3. Here `sid` is an IssuerAndSerialNumber, the signed attributes are there, and unsigned ones are not.
struct SignerInfo {
    let signer: IssuerAndSerialNumber
    let signedAttributes: SignedAttributes
    let signatureAlgorithm: TR34SignatureAlgorithm
    let signature: [UInt8]

    init(signer: IssuerAndSerialNumber, signedAttributes: SignedAttributes, signature: [UInt8]) {
        self.signer = signer
        self.signedAttributes = signedAttributes
        self.signatureAlgorithm = .rsaEncryption
        self.signature = signature
    }

    init(_ node: ASN1Node) throws(TR34Error) {
        var elements = try DERElements(node, .sequence, in: .signerInfo)
        guard try elements.next().contents(.integer, in: .signerInfo).elementsEqual([1]) else {
            throw .malformed(.signerInfo)
        }
        signer = try IssuerAndSerialNumber(elements.next())
        try Self.checkDigestAlgorithm(elements.next(), in: .signerInfo)
        signedAttributes = try SignedAttributes(elements.next())
        signatureAlgorithm = try Self.signatureAlgorithm(elements.next())
        signature = Array(try elements.next().contents(.octetString, in: .signerInfo))
        if elements.next(if: .context(1)) != nil { throw .unsignedAttributes }
        try elements.end()
    }

    var encoded: [UInt8] {
        DEREncoding.sequence(
            DEREncoding.integer([1]), signer.encoded, Self.sha256, signedAttributes.encoded, signatureAlgorithm.encoded,
            DEREncoding.octetString(signature))
    }

    /// SHA-256, with no parameters or NULL: RFC 5754, 2.
    static func checkDigestAlgorithm(_ node: ASN1Node, in part: TR34Part) throws(TR34Error) {
        guard node.isEncoded(as: sha256) || node.isEncoded(as: sha256WithNull) else {
            throw node.identifier == .sequence ? .notSHA256(part) : .malformed(part)
        }
    }

    private static func signatureAlgorithm(_ node: ASN1Node) throws(TR34Error) -> TR34SignatureAlgorithm {
        guard let algorithm = TR34SignatureAlgorithm(node) else {
            throw node.identifier == .sequence ? .signatureAlgorithm : .malformed(.signerInfo)
        }
        return algorithm
    }

    /// As it is written.
    static let sha256: [UInt8] = [0x30, 0x0B] + DERIdentifier.sha256
    private static let sha256WithNull: [UInt8] = [0x30, 0x0D] + DERIdentifier.sha256 + DERIdentifier.null
}
