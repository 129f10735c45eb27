import Testing

@testable import PaymentCrypto

/// What this project makes, judged by the `openssl` command.
@Suite("A site's own authority")
struct SiteAuthorityTests {
    private let openssl: OpenSSLCommand
    private let authority: CertificateAuthority

    init() throws {
        openssl = try OpenSSLCommand()
        authority = try TestAuthority.receiving()
        try openssl.write(authority.certificate.pem, to: "ca.pem")
    }

    @Test("its certificates: openssl verify", arguments: CertificatePurpose.allCases)
    func certificates(purpose: CertificatePurpose) throws {
        let certificate = try authority.issueToDevice(purpose: purpose)
        try openssl.write(certificate.pem, to: "leaf.pem")
        let time = "\(TestAuthority.now.secondsSince1970)"
        try openssl.run("verify", "-x509_strict", "-attime", time, "-CAfile", "ca.pem", "leaf.pem")
        let text = try openssl.run("x509", "-in", "leaf.pem", "-noout", "-text")
        #expect(text.contains(purpose == .signing ? "Digital Signature" : "Key Encipherment"))
        #expect(text.contains("CA:FALSE"))
        #expect(text.contains("sha256WithRSAEncryption"))
        #expect(certificate.subject == "O=Test, CN=Device 1")
        #expect(certificate.issuer == "O=Test, CN=Receiving CA")
        #expect(!certificate.isAuthority && !certificate.isSelfIssued)
        #expect(certificate.serialNumber.count == 40)
        #expect(certificate.notBefore == TestAuthority.start)
        let serial = try openssl.run("x509", "-in", "leaf.pem", "-noout", "-serial")
        #expect(serial == "serial=\(certificate.serialNumber)\n")
    }

    @Test("its own certificate: an authority's, and self-signed")
    func itself() throws {
        let certificate = authority.certificate
        #expect(certificate.isAuthority && certificate.isSelfIssued)
        let time = "\(TestAuthority.now.secondsSince1970)"
        try openssl.run(
            "verify", "-x509_strict", "-check_ss_sig", "-attime", time, "-CAfile", "ca.pem", "ca.pem")
    }

    @Test("a certificate does not outlive the authority")
    func end() throws {
        let late = Moment(secondsSince1970: TestAuthority.end.secondsSince1970 + 1)
        #expect(try authority.issueToDevice(to: late).notAfter == TestAuthority.end)
    }

    @Test("times from 2050 on are written with four digits of year")
    func farAway() throws {
        let key = SigningKey(try RSAPrivateKey.generate(.rsa2048))
        let far = try #require(Moment(year: 2075, month: 12, day: 31, hour: 23, minute: 59, second: 58))
        let certificate = try CertificateAuthority.selfSigned(
            key: key, subject: DistinguishedName("/CN=Far"), from: TestAuthority.start, to: far)
        #expect(certificate.notAfter == far)
        try openssl.write(certificate.pem, to: "far.pem")
        let text = try openssl.run("x509", "-in", "far.pem", "-noout", "-enddate")
        #expect(text == "notAfter=Dec 31 23:59:58 2075 GMT\n")
    }

    @Test("its list: openssl crl, and openssl verify with -crl_check")
    func revocation() throws {
        let (good, bad) = (try authority.issueToDevice(), try authority.issueToDevice())
        let list = try authority.revocationList(
            number: 258, revoked: [(bad.serialNumber, TestAuthority.start)], from: TestAuthority.start,
            to: TestAuthority.end)
        try openssl.write(list.pem, to: "list.pem")
        try openssl.write(good.pem, to: "good.pem")
        try openssl.write(bad.pem, to: "bad.pem")
        #expect(try openssl.run("crl", "-in", "list.pem", "-CAfile", "ca.pem", "-noout").contains("verify OK"))
        #expect(try openssl.run("crl", "-in", "list.pem", "-noout", "-crlnumber").contains("0x0102"))
        let time = "\(TestAuthority.now.secondsSince1970)"
        let verify = [
            "verify", "-x509_strict", "-crl_check", "-attime", time, "-CAfile", "ca.pem", "-CRLfile", "list.pem",
        ]
        try openssl.run(verify + ["good.pem"])
        let refused = try openssl.run(verify + ["bad.pem"], isExpectedToFail: true)
        #expect(refused.contains("certificate revoked"))
        #expect(list.revocation(of: bad) == TestAuthority.start)
        #expect(list.revocation(of: good) == nil)
        #expect(list.issuer == "O=Test, CN=Receiving CA")
        #expect(try CertificateRevocationList.read(list.der).map(\.der) == [list.der])
        #expect(try CertificateRevocationList.read(Array(list.pem.utf8)).map(\.der) == [list.der])
    }

    @Test("an empty list")
    func emptyList() throws {
        let list = try authority.revocationList(
            number: 0, revoked: [], from: TestAuthority.start, to: TestAuthority.end)
        try openssl.write(list.der, to: "list.der")
        let text = try openssl.run(
            "crl", "-inform", "DER", "-in", "list.der", "-CAfile", "ca.pem", "-noout", "-text")
        #expect(text.contains("verify OK") && text.contains("No Revoked Certificates"))
    }

    @Test("with a key that is not its own it issues nothing")
    func wrongKey() throws {
        let other = CertificateAuthority(
            key: SigningKey(try RSAPrivateKey.generate(.rsa2048)), certificate: authority.certificate)
        #expect(throws: EngineError(.operationFailed("issuing"))) { try other.issueToDevice() }
        #expect(throws: EngineError(.operationFailed("issuing"))) {
            try other.revocationList(number: 1, revoked: [], from: TestAuthority.start, to: TestAuthority.end)
        }
    }

    @Test("requests: openssl req -verify, for keys that sign and keys that receive")
    func requests() throws {
        let subject = try DistinguishedName("/C=GB/O=Example \\/ Sons/OU=A+OU=B/CN=Schl\u{FC}ssel")
        let signing = SigningKey(try RSAPrivateKey.generate(.rsa2048))
        let receiving = DecryptionKey(try RSAPrivateKey.generate(.rsa2048))
        let requests = [
            (try CertificateRequest.make(for: signing, subject: subject), signing.publicKey),
            (try CertificateRequest.make(for: receiving, subject: subject), receiving.publicKey),
        ]
        for (request, key) in requests {
            try openssl.write(request.pem, to: "request.pem")
            let text = try openssl.run(
                "req", "-in", "request.pem", "-verify", "-noout", "-subject", "-nameopt", "oneline,utf8,-esc_msb")
            #expect(text.contains("verify OK"))
            #expect(text.contains("C = GB, O = Example / Sons, OU = A + OU = B, CN = Schl\u{FC}ssel"))
            try openssl.run("req", "-in", "request.pem", "-pubkey", "-noout", "-out", "key.pem")
            let info = try #require(PEM.parts("PUBLIC KEY", in: openssl.read("key.pem"))?.first)
            #expect(try RSAPublicKey(subjectPublicKeyInfo: info) == key)
        }
    }

    @Test(
        "names that are none",
        arguments: [
            ("", DistinguishedNameError.noSlash), ("CN=x", .noSlash), ("/", .noValue(part: 1)),
            ("/CN", .noValue(part: 1)), ("/CN=", .noValue(part: 1)), ("/=x", .noValue(part: 1)),
            ("/CN=x/", .noValue(part: 2)), ("/CN=x/CM=y", .unknownType(part: 2)), ("/C=GBR", .unusable(part: 1)),
            ("/CN=x+", .noValue(part: 2)), ("/C\u{0}N=x", .noValue(part: 1)), ("/CN=x//CN=y", .noValue(part: 2)),
        ])
    func badNames(text: String, expected: DistinguishedNameError) {
        #expect(throws: expected) { try DistinguishedName(text) }
    }
}
