/// A request for a certificate, PKCS #10, which shows that whoever asks has the private key.
///
/// See RFC 2986, 4.
public struct CertificateRequest: Sendable, Hashable {
    /// The request in DER.
    public let der: [UInt8]

    /// The request as text.
    public var pem: String { PEM.text("CERTIFICATE REQUEST", der) }

    /// A request for a key that signs.
    public static func make(
        for key: SigningKey, subject: DistinguishedName
    ) throws(EngineError) -> CertificateRequest {
        try make(key.publicKey, subject) { (message) throws(EngineError) in try key.sign(message) }
    }

    /// A request for a key that receives others; this is the one thing that it ever signs.
    public static func make(
        for key: DecryptionKey, subject: DistinguishedName
    ) throws(EngineError) -> CertificateRequest {
        try make(key.publicKey, subject) { (message) throws(EngineError) in try key.handle.sign(message) }
    }

    // CertificationRequestInfo ::= SEQUENCE { version INTEGER (0), subject, SubjectPublicKeyInfo, [0] attributes }
    private static func make(
        _ key: RSAPublicKey, _ subject: DistinguishedName, sign: ([UInt8]) throws(EngineError) -> [UInt8]
    ) throws(EngineError) -> CertificateRequest {
        let info = DEREncoding.sequence(
            [DERTag.integer, 1, 0], subject.der, key.subjectPublicKeyInfo, [DERTag.explicit(0), 0])
        return CertificateRequest(der: try SignedStructure.make(info, sign: sign))
    }
}
