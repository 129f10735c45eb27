import COpenSSL

/// An X.509 certificate with an RSA key, taken apart; nothing says yet that it can be trusted.
///
/// ``CertificateValidator`` does. See RFC 5280, 4.1.
public final class Certificate: Sendable {
    /// The certificate as it came.
    public let der: [UInt8]
    /// IssuerAndSerialNumber (RFC 5652, 10.2.4): a whole SEQUENCE with the bytes as they stand in the certificate.
    public let issuerAndSerialNumber: [UInt8]
    /// The holder's key.
    public let publicKey: RSAPublicKey
    /// The holder's name for people, harmless to print.
    public let subject: String
    /// The issuer's name for people, harmless to print.
    public let issuer: String
    /// The serial number in upper-case hexadecimal.
    public let serialNumber: String
    /// The first second in which it is valid.
    public let notBefore: Moment
    /// The last second in which it is valid.
    public let notAfter: Moment
    /// The fingerprint.
    public let sha256: SHA256Digest

    let handle: CertificateHandle
    /// The names as they stand in the certificate, to be compared byte by byte.
    let subjectName: [UInt8]
    let issuerName: [UInt8]
    /// The INTEGER as it stands in the certificate.
    let serialNumberElement: [UInt8]

    /// Reads one certificate in DER, with nothing before or behind it.
    public init(der: [UInt8]) throws(CertificateError) {
        guard let handle = CertificateHandle(der), let serial = X509_get0_serialNumber(handle.pointer),
            let notBefore = OpenSSLObject.moment(X509_get0_notBefore(handle.pointer)),
            let notAfter = OpenSSLObject.moment(X509_get0_notAfter(handle.pointer)),
            let sha256 = SHA256Digest(bytes: ContentDigest.sha256(der))
        else { throw .malformed("expected a certificate in DER, found something else") }
        publicKey = try Self.key(of: handle)
        (self.handle, self.der, self.sha256) = (handle, der, sha256)
        (self.notBefore, self.notAfter) = (notBefore, notAfter)
        let (subjectName, issuerName) = (X509_get_subject_name(handle.pointer), X509_get_issuer_name(handle.pointer))
        (subject, issuer) = (OpenSSLObject.text(subjectName), OpenSSLObject.text(issuerName))
        self.subjectName = OpenSSLObject.encoding(subjectName, i2d_X509_NAME)
        self.issuerName = OpenSSLObject.encoding(issuerName, i2d_X509_NAME)
        serialNumberElement = OpenSSLObject.encoding(serial, i2d_ASN1_INTEGER)
        serialNumber = Self.text(ofSerialNumber: serialNumberElement)
        issuerAndSerialNumber = DEREncoding.sequence(self.issuerName, serialNumberElement)
    }

    /// The certificate as text.
    public var pem: String { PEM.text("CERTIFICATE", der) }

    /// Whether it says that it is an authority's: basicConstraints with CA:TRUE.
    public var isAuthority: Bool {
        handle.flags & UInt32(EXFLAG_BCONS) != 0 && handle.flags & UInt32(EXFLAG_CA) != 0
    }

    /// Whether holder and issuer have the same name.
    public var isSelfIssued: Bool { subjectName == issuerName }

    private static func key(of handle: CertificateHandle) throws(CertificateError) -> RSAPublicKey {
        let info = OpenSSLObject.encoding(X509_get_X509_PUBKEY(handle.pointer), i2d_X509_PUBKEY)
        do throws(RSAKeyError) {
            return try RSAPublicKey(subjectPublicKeyInfo: info)
        } catch {
            if case .unusableSize(let bitCount) = error, bitCount < RSAKeySize.rsa2048.bitCount {
                throw .tooSmall(bitCount: bitCount, minimum: RSAKeySize.rsa2048.bitCount)
            }
            throw .unusableKey(error)
        }
    }

    /// The contents of the INTEGER, the sign's zero byte left out.
    private static func text(ofSerialNumber element: [UInt8]) -> String {
        element.withUnsafeBytes { bytes in
            var reader = DERReader(bytes)
            guard let contents = reader.next(DERTag.integer) else { return "" }
            return Hexadecimal.text(contents.count > 1 && contents[0] == 0 ? contents.dropFirst() : contents[...])
        }
    }
}

extension Certificate: Hashable {
    /// The same bytes.
    public static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }

    /// The fingerprint.
    public func hash(into hasher: inout Hasher) { hasher.combine(sha256) }
}

extension Certificate {
    /// Reads a file with one certificate or more: PEM, DER, or the Base64 of either on one line or more, as AWS has it.
    public static func bundle(_ file: [UInt8]) throws(CertificateError) -> [Certificate] {
        let parts = try EncodedFile.parts(file, label: "CERTIFICATE", of: "a certificate")
        return try parts.map { (der) throws(CertificateError) in try Certificate(der: der) }
    }
}
