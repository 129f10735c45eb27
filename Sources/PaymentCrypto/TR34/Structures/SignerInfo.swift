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
    let signature: [UInt8]

    init(signer: IssuerAndSerialNumber, signedAttributes: SignedAttributes, signature: [UInt8]) {
        self.signer = signer
        self.signedAttributes = signedAttributes
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
        try Self.checkSignatureAlgorithm(elements.next())
        signature = Array(try elements.next().contents(.octetString, in: .signerInfo))
        if elements.next(if: .context(1)) != nil { throw .unsignedAttributes }
        try elements.end()
    }

    func serialize(into coder: inout DER.Serializer) {
        coder.sequence { coder in
            coder.smallInteger(1)
            coder.encoded(signer.encoded)
            coder.encoded(Self.sha256)
            coder.encoded(signedAttributes.encoded)
            coder.encoded(Self.rsa)
            coder.primitive(.octetString, signature)
        }
    }

    /// SHA-256, with no parameters or NULL: RFC 5754, 2.
    static func checkDigestAlgorithm(_ node: ASN1Node, in part: TR34Part) throws(TR34Error) {
        guard node.isEncoded(as: sha256) || node.isEncoded(as: sha256WithNull) else {
            throw node.identifier == .sequence ? .notSHA256(part) : .malformed(part)
        }
    }

    /// RSA with PKCS #1 v1.5, under one name or the other: RFC 3370, 3.2, and RFC 5754, 3.2.
    private static func checkSignatureAlgorithm(_ node: ASN1Node) throws(TR34Error) {
        guard node.isEncoded(as: rsa) || node.isEncoded(as: sha256WithRSA) else {
            throw node.identifier == .sequence ? .signatureAlgorithm : .malformed(.signerInfo)
        }
    }

    /// As it is written.
    static let sha256: [UInt8] = [0x30, 0x0B] + DERIdentifier.sha256
    private static let sha256WithNull: [UInt8] = [0x30, 0x0D] + DERIdentifier.sha256 + DERIdentifier.null
    private static let rsa: [UInt8] = [0x30, 0x0D] + DERIdentifier.rsaEncryption + DERIdentifier.null
    private static let sha256WithRSA: [UInt8] =
        [0x30, 0x0D] + DERIdentifier.sha256WithRSAEncryption + DERIdentifier.null
}
