import Testing

@testable import PaymentCrypto

@Suite("Reading certificates and revocation lists")
struct CertificateReadingTests {
    private let certificate: Certificate
    private let list: CertificateRevocationList

    init() throws {
        let authority = try TestAuthority.receiving()
        certificate = try authority.issueToDevice()
        list = try authority.revocationList(
            number: 1, revoked: [("0A", TestAuthority.start)], from: TestAuthority.start, to: TestAuthority.end)
    }

    @Test("DER cut at every length, or longer than it says, is refused")
    func cuts() {
        for count in 0..<certificate.der.count {
            #expect(throws: CertificateError.self, "\(count) bytes") {
                try Certificate(der: Array(certificate.der.prefix(count)))
            }
        }
        for count in 0..<list.der.count {
            #expect(throws: CertificateError.self, "\(count) bytes") {
                try CertificateRevocationList(der: Array(list.der.prefix(count)))
            }
        }
        #expect(throws: CertificateError.self) { try Certificate(der: certificate.der + [0]) }
        #expect(throws: CertificateError.self) { try Certificate(der: certificate.der + certificate.der) }
        #expect(throws: CertificateError.self) { try CertificateRevocationList(der: list.der + [0]) }
        #expect(throws: CertificateError.self) { try Certificate(der: list.der) }
        #expect(throws: CertificateError.self) { try CertificateRevocationList(der: certificate.der) }
    }

    @Test("no byte that is changed makes it trap, or makes it pass")
    func changes() throws {
        let validator = try CertificateValidator(
            anchors: [TestAuthority.receiving().certificate], intermediates: [], revocation: .unchecked,
            purpose: .keyReceiving, at: TestAuthority.now)
        for position in certificate.der.indices {
            for value in [0x00, 0x7F, 0x80, 0xFF, certificate.der[position] ^ 1] {
                var changed = certificate.der
                guard changed[position] != value else { continue }
                changed[position] = value
                guard let read = try? Certificate(der: changed) else { continue }
                #expect(throws: CertificateError.self, "byte \(position) is \(value)") { try validator.validate(read) }
            }
        }
    }

    @Test("PEM, DER, and the Base64 of either")
    func forms() throws {
        let pem = certificate.pem
        let forms: [[UInt8]] = [
            certificate.der, Array(pem.utf8), Array(pem.replacing("\n", with: "\r\n").utf8),
            Array(("a comment\n" + pem + "\n\n").utf8), Array(Base64.text(certificate.der).utf8),
            Array(Base64.text(Array(pem.utf8)).utf8), Array((Base64.text(Array(pem.utf8)) + "\n").utf8),
        ]
        for form in forms { #expect(try Certificate.bundle(form) == [certificate]) }
        let root = try TestAuthority.receiving().certificate
        #expect(try Certificate.bundle(Array((pem + root.pem).utf8)) == [certificate, root])
        // A key or a list beside it is passed over.
        #expect(try Certificate.bundle(Array((list.pem + pem).utf8)) == [certificate])
    }

    @Test(
        "files that are none",
        arguments: [
            "", "\n", "text", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nMAA=\n",
            "-----BEGIN CERTIFICATE-----\nMA!=\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "MAA=", "0",
        ])
    func badFiles(text: String) {
        #expect(throws: CertificateError.self) { try Certificate.bundle(Array(text.utf8)) }
        #expect(throws: CertificateError.self) { try CertificateRevocationList.read(Array(text.utf8)) }
    }

    @Test("issuer and serial number are the bytes of the certificate")
    func issuerAndSerialNumber() throws {
        let found = certificate.issuerAndSerialNumber
        // SEQUENCE, length, then name and number as they stand in the certificate.
        #expect(found.starts(with: [0x30, UInt8(found.count - 2)]))
        #expect(certificate.der.firstRange(of: certificate.issuerName) != nil)
        #expect(certificate.der.firstRange(of: certificate.serialNumberElement) != nil)
        #expect(Array(found.dropFirst(2)) == certificate.issuerName + certificate.serialNumberElement)
        #expect(certificate.serialNumberElement == [0x02, 20] + (Hexadecimal.bytes(certificate.serialNumber) ?? []))
    }

    @Test("a name with anything in it is shown as printable ASCII, and not without end")
    func harmlessNames() throws {
        let authority = try TestAuthority.receiving()
        let hostile = try authority.issueToDevice("/O=\u{1B}[31m\u{202E}evil\u{7}/CN=a, CN=b")
        #expect(hostile.subject.utf8.allSatisfy(ASCII.isPrintable))
        #expect(hostile.subject.contains("CN=a\\, CN=b"))
        let long = try authority.issueToDevice(String(repeating: "/OU=" + String(repeating: "x", count: 60), count: 9))
        #expect(long.subject.count == 203 && long.subject.hasSuffix("..."))
    }

    @Test("Base64, every length", arguments: 0..<20)
    func base64(count: Int) {
        let bytes = (0..<count).map { UInt8($0 * 37 & 0xFF) }
        let text = Base64.text(bytes)
        #expect(Base64.bytes(text.utf8) == bytes)
        #expect(Base64.bytes((text + "A").utf8) == nil)
        #expect(Base64.bytes(("=" + text).utf8) == nil)
    }

    @Test(
        "Base64 with bits that stand for nothing, or with other characters",
        arguments: ["AB==", "AAB=", "A-==", "AA=A"])
    func badBase64(text: String) {
        #expect(Base64.bytes(text.utf8) == nil)
    }
}
