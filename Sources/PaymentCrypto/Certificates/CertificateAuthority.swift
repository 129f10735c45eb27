/// A site's own authority: issues certificates to holders of keys, and lists of those that it calls back.
///
/// It signs with RSASSA-PKCS1-v1_5 and SHA-256. Each certificate and list is read again before it is handed out.
public struct CertificateAuthority: Sendable {
    /// The authority's own certificate.
    public let certificate: Certificate
    private let key: SigningKey

    /// An authority with its key, which must be the certificate's: with another, nothing can be issued.
    public init(key: SigningKey, certificate: Certificate) {
        self.key = key
        self.certificate = certificate
    }

    /// A certificate for an authority, by its own key.
    public static func selfSigned(
        key: SigningKey, subject: DistinguishedName, from: Moment, to: Moment
    ) throws(EngineError) -> Certificate {
        let extensions = [
            CertificateExtension.authority, CertificateExtension.authorityUsage,
            CertificateExtension.subjectKey(key.publicKey),
        ]
        return try make(
            Contents(issuer: subject.der, subject: subject.der, key: key.publicKey, from: from, to: to), extensions,
            signedBy: key)
    }

    /// A certificate for the holder of a key; it does not outlive the authority's own.
    public func issue(
        to holder: RSAPublicKey, subject: DistinguishedName, purpose: CertificatePurpose, from: Moment, to: Moment
    ) throws(EngineError) -> Certificate {
        let extensions = [
            CertificateExtension.holder, CertificateExtension.usage(purpose), CertificateExtension.subjectKey(holder),
            CertificateExtension.authorityKey(key.publicKey),
        ]
        let contents = Contents(
            issuer: certificate.subjectName, subject: subject.der, key: holder, from: from,
            to: min(to, certificate.notAfter))
        let issued = try Self.make(contents, extensions, signedBy: key)
        guard issued.isIssued(by: certificate) else { throw Self.wrongKey }
        return issued
    }

    /// A list of the certificates that are called back, perhaps of none.
    ///
    /// - Parameters:
    ///   - number: greater than that of every list before.
    ///   - revoked: serial numbers as ``Certificate/serialNumber`` has them.
    public func revocationList(
        number: UInt64, revoked: [(serial: String, moment: Moment)], from: Moment, to: Moment
    ) throws(EngineError) -> CertificateRevocationList {
        // TBSCertList ::= SEQUENCE { version INTEGER (1), signature, issuer, thisUpdate, nextUpdate,
        //     revokedCertificates SEQUENCE OF SEQUENCE { serial, time } OPTIONAL, [0] extensions }; RFC 5280, 5.1
        let entries = try revoked.map { (entry) throws(EngineError) in
            DEREncoding.sequence(try Self.serial(entry.serial), try SignedStructure.time(entry.moment))
        }
        let extensions = DEREncoding.sequence(
            CertificateExtension.authorityKey(key.publicKey), CertificateExtension.listNumber(number))
        let contents = DEREncoding.sequence(
            [DERTag.integer, 1, 1], SignedStructure.algorithm, certificate.subjectName, try SignedStructure.time(from),
            try SignedStructure.time(to), entries.isEmpty ? [] : DEREncoding.element(DERTag.sequence, entries),
            DEREncoding.element(DERTag.explicit(0), extensions))
        let der = try SignedStructure.make(contents) { (message) throws(EngineError) in try key.sign(message) }
        do throws(CertificateError) {
            let list = try CertificateRevocationList(der: der)
            try list.checkSignature(of: certificate)
            return list
        } catch {
            throw Self.wrongKey
        }
    }

    private struct Contents {
        let issuer: [UInt8]
        let subject: [UInt8]
        let key: RSAPublicKey
        let from: Moment
        let to: Moment
    }

    // TBSCertificate ::= SEQUENCE { [0] version INTEGER (2), serialNumber, signature, issuer, validity, subject,
    //     subjectPublicKeyInfo, [3] extensions }; RFC 5280, 4.1
    private static func make(
        _ contents: Contents, _ extensions: [[UInt8]], signedBy key: SigningKey
    ) throws(EngineError) -> Certificate {
        let validity = DEREncoding.sequence(
            try SignedStructure.time(contents.from), try SignedStructure.time(contents.to))
        let version = DEREncoding.element(DERTag.explicit(0), [DERTag.integer, 1, 2])
        let extensions = DEREncoding.element(DERTag.explicit(3), DEREncoding.element(DERTag.sequence, extensions))
        let body = DEREncoding.sequence(
            version, try randomSerial(), SignedStructure.algorithm, contents.issuer, validity, contents.subject,
            contents.key.subjectPublicKeyInfo, extensions)
        let der = try SignedStructure.make(body) { (message) throws(EngineError) in try key.sign(message) }
        do throws(CertificateError) {
            return try Certificate(der: der)
        } catch {
            throw EngineError(.operationFailed("making a certificate"), detail: error.description)
        }
    }

    /// 20 bytes with their first bits 01: positive, and always of this length; see RFC 5280, 4.1.2.2.
    private static func randomSerial() throws(EngineError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 20)
        let filled = bytes.withUnsafeMutableBytes { memory in
            Result { () throws(EngineError) in try SystemRandom().fill(memory) }
        }
        try filled.get()
        bytes[0] = bytes[0] & 0x3F | 0x40
        return DEREncoding.integer(bytes)
    }

    private static func serial(_ text: String) throws(EngineError) -> [UInt8] {
        guard let bytes = Hexadecimal.bytes(text), !bytes.isEmpty else {
            throw EngineError(.operationFailed("reading a serial number"))
        }
        return DEREncoding.integer(bytes)
    }

    private static var wrongKey: EngineError {
        EngineError(.operationFailed("issuing"), detail: "the authority's key is not the one of its certificate")
    }
}
