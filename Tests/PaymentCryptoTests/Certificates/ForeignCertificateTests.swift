import Testing

@testable import PaymentCrypto

/// Certificates and lists that the `openssl` command made: what others write, good and bad.
@Suite("Certificates of other authorities")
struct ForeignCertificateTests {
    @Test("root, intermediate, leaf; the intermediate is good for as much as its own way to the anchor")
    func chain() throws {
        let pki = try OpenSSLPKI()
        let middle = try pki.issue("middle", OpenSSLPKI.authority)
        let leaf = try pki.issue("leaf", by: "middle", issuerKey: "2048")
        let validator = try pki.validator(intermediates: [middle])
        #expect(try validator.validate(leaf) == [leaf, middle, pki.root])
        #expect(throws: CertificateError.unknownIssuer("O=Test, CN=middle")) {
            try pki.validator().validate(leaf)
        }
        // An intermediate may be the anchor itself.
        #expect(try pki.validator(anchors: [middle]).validate(leaf) == [leaf, middle])
        let stranger = try TestAuthority.receiving().certificate
        #expect(throws: CertificateError.issuer("O=Test, CN=middle", .unknownIssuer("O=Test, CN=Root"))) {
            try pki.validator(anchors: [stranger], intermediates: [middle]).validate(leaf)
        }
        #expect(throws: CertificateError.leafIsAuthority) { try validator.validate(middle) }
        // With an intermediate between, it needs the list of the intermediate; the root's is looked at if it is there.
        let own = try pki.revocationList("middle", key: "2048")
        try pki.validator(intermediates: [middle], revocation: .lists([own])).validate(leaf)
        let harmless = try pki.revocationList()
        #expect(throws: CertificateError.revocationListMissing(issuer: "O=Test, CN=middle")) {
            try pki.validator(intermediates: [middle], revocation: .lists([harmless])).validate(leaf)
        }
        let roots = try pki.revocationList(revoked: ["middle"])
        let revoked = try #require(roots.revocation(of: middle))
        #expect(throws: CertificateError.issuer("O=Test, CN=middle", .revoked(revoked))) {
            try pki.validator(intermediates: [middle], revocation: .lists([own, roots])).validate(leaf)
        }
    }

    @Test(
        "an issuer that is none",
        arguments: [
            ([], CertificateError.notAuthority), (["basicConstraints=critical,CA:false"], .notAuthority),
            (["basicConstraints=critical,CA:true", "keyUsage=cRLSign"], .mayNotIssue),
            (OpenSSLPKI.authority + ["1.2.3.4=critical,ASN1:NULL"], .criticalExtension("1.2.3.4")),
        ])
    func badIssuers(extensions: [String], expected: CertificateError) throws {
        let pki = try OpenSSLPKI()
        let middle = try pki.issue("middle", extensions)
        let leaf = try pki.issue("leaf", by: "middle", issuerKey: "2048")
        #expect(throws: CertificateError.issuer("O=Test, CN=middle", expected)) {
            try pki.validator(intermediates: [middle]).validate(leaf)
        }
    }

    @Test("more authorities than the root allows")
    func pathLength() throws {
        let pki = try OpenSSLPKI(rootExtensions: ["basicConstraints=critical,CA:true,pathlen:0"])
        try pki.validator().validate(try pki.issue("direct"))
        let middle = try pki.issue("middle", OpenSSLPKI.authority)
        let leaf = try pki.issue("leaf", by: "middle", issuerKey: "2048")
        #expect(throws: CertificateError.issuer("O=Test, CN=Root", .pathTooLong(allowed: 0))) {
            try pki.validator(intermediates: [middle]).validate(leaf)
        }
    }

    @Test("a name that the authority may not give")
    func nameConstraints() throws {
        let pki = try OpenSSLPKI(
            rootExtensions: OpenSSLPKI.authority + ["nameConstraints=critical,permitted;dirName:n", "[n]", "O=Good"])
        try pki.validator().validate(try pki.issue("good", subject: "/O=Good/CN=x"))
        let bad = try pki.issue("bad", subject: "/O=Bad/CN=x")
        #expect(throws: CertificateError.pathRefused("permitted subtree violation")) {
            try pki.validator().validate(bad)
        }
    }

    @Test("a critical extension that nobody knows")
    func criticalExtension() throws {
        let pki = try OpenSSLPKI()
        let leaf = try pki.issue("leaf", OpenSSLPKI.receiver + ["1.2.3.4=critical,ASN1:UTF8String:x"])
        #expect(throws: CertificateError.criticalExtension("1.2.3.4")) { try pki.validator().validate(leaf) }
        try pki.validator().validate(try pki.issue("other", OpenSSLPKI.receiver + ["1.2.3.4=ASN1:UTF8String:x"]))
    }

    @Test("no key usage at all: refused, or let pass where the site does not ask for one")
    func noKeyUsage() throws {
        let pki = try OpenSSLPKI(rootExtensions: ["basicConstraints=CA:true"])
        let leaf = try pki.issue("leaf", ["basicConstraints=CA:false"])
        #expect(throws: CertificateError.missingUsage(expected: .keyReceiving)) { try pki.validator().validate(leaf) }
        try pki.validator(requiresKeyUsage: false).validate(leaf)
    }

    @Test("hashes: SHA-256 and better, PKCS #1 and PSS", arguments: ["sha256", "sha384", "sha512", "sha3-256"])
    func goodHashes(hash: String) throws {
        let pki = try OpenSSLPKI()
        try pki.validator().validate(try pki.issue("leaf", options: ["-\(hash)"]))
        guard !hash.hasPrefix("sha3") else { return }
        let padding = ["-\(hash)", "-sigopt", "rsa_padding_mode:pss"]
        try pki.validator().validate(try pki.issue("pss", options: padding))
    }

    @Test("SHA-1 is too weak for a certificate and a list, but an anchor is trusted however it is signed")
    func weakHashes() throws {
        let pki = try OpenSSLPKI(options: ["-sha1"])
        try pki.validator().validate(try pki.issue("good"))
        let leaf = try pki.issue("leaf", options: ["-sha1"])
        #expect(throws: CertificateError.weakHash("sha1WithRSAEncryption")) { try pki.validator().validate(leaf) }
        let pss = try pki.issue("pss", options: ["-sha1", "-sigopt", "rsa_padding_mode:pss"])
        #expect(throws: CertificateError.weakHash("rsassaPss")) { try pki.validator().validate(pss) }
        let middle = try pki.issue("middle", OpenSSLPKI.authority, options: ["-sha1"])
        let below = try pki.issue("below", by: "middle", issuerKey: "2048")
        #expect(throws: CertificateError.issuer("O=Test, CN=middle", .weakHash("sha1WithRSAEncryption"))) {
            try pki.validator(intermediates: [middle]).validate(below)
        }
        let list = try pki.revocationList(hash: "sha1")
        let good = try pki.issue("good2")
        #expect(throws: CertificateError.weakHash("sha1WithRSAEncryption")) {
            try pki.validator(revocation: .lists([list])).validate(good)
        }
    }

    @Test("keys that are none of ours: RSA-1024, RSA-PSS, elliptic curves, a small exponent")
    func keys() throws {
        let pki = try OpenSSLPKI()
        let cases: [(String, [String], CertificateError)] = [
            (
                "small", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
                .tooSmall(bitCount: 1024, minimum: 2048)
            ),
            ("pss", ["-algorithm", "RSA-PSS"], .unusableKey(.notRSA)),
            ("curve", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], .unusableKey(.notRSA)),
            ("three", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_pubexp:3"], .unusableKey(.unusableExponent)),
        ]
        for (name, options, expected) in cases {
            try pki.openssl.run(["genpkey"] + options + ["-out", "\(name).key"])
            #expect(throws: expected, "\(name)") { try pki.issue(name, key: name) }
        }
    }

    @Test("as AWS makes them: SHA-512, a name in another order, serverAuth and clientAuth")
    func awsQuirks() throws {
        let pki = try OpenSSLPKI(options: ["-sha512"])
        let leaf = try pki.issue(
            "leaf",
            [
                "basicConstraints=CA:false", "keyUsage=critical,digitalSignature,keyEncipherment",
                "extendedKeyUsage=serverAuth,clientAuth",
            ], options: ["-sha512"],
            subject: "/C=US/O=AWS/OU=Payment Cryptography/ST=Virginia/CN=Key \u{2116} 1/L=Arlington")
        for purpose in CertificatePurpose.allCases { try pki.validator(purpose: purpose).validate(leaf) }
        #expect(
            leaf.subject
                == "C=US, O=AWS, OU=Payment Cryptography, ST=Virginia, CN=Key \\U2116 1, L=Arlington")
        // Base64 of PEM, as its commands print it.
        let aws = Array(Base64.text(Array((leaf.pem + pki.root.pem).utf8)).utf8)
        #expect(try Certificate.bundle(aws) == [leaf, pki.root])
    }

    @Test("lists of another kind: of a part of the certificates, or made by somebody who may not")
    func otherLists() throws {
        let pki = try OpenSSLPKI()
        let leaf = try pki.issue("leaf")
        let partial = try pki.revocationList(
            extensions: "issuingDistributionPoint=critical,@i\n[i]\nonlyuser=TRUE")
        let fault = CertificateError.revocationListUnusable(
            "extension X509v3 Issuing Distribution Point is not supported")
        #expect(throws: fault) { try pki.validator(revocation: .lists([partial])).validate(leaf) }
        try pki.validator(revocation: .lists([pki.revocationList()])).validate(leaf)

        let silent = try OpenSSLPKI(rootExtensions: ["basicConstraints=CA:true", "keyUsage=keyCertSign"])
        let below = try silent.issue("leaf")
        let lacking = CertificateError.revocationListUnusable("the key usage of O=Test, CN=Root lacks cRLSign")
        #expect(throws: lacking) {
            try silent.validator(revocation: .lists([silent.revocationList()])).validate(below)
        }
    }
}
