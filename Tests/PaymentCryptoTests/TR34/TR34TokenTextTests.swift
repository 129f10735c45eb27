import Testing

@testable import PaymentCrypto

/// The forms in which a token comes.
@Suite struct TR34TokenTextTests {
    let der: [UInt8]
    let digest: SHA256Digest

    init() throws {
        der = try TR34Vectors.bytes("accept/cms-1pass-tdes2-ik.der")
        digest = try UnverifiedTR34Token(der).digest
    }

    @Test func everyFormIsTheSameToken() throws {
        let digits = Hexadecimal.text(der)
        for text in [
            digits, digits.lowercased(), digits + "\n", "  \(digits)\r\n\n", PEM.text("CMS", der), PEM.text("PKCS7", der),
        ] {
            #expect(try UnverifiedTR34Token(Array(text.utf8)).digest == digest)
        }
    }

    @Test(arguments: ["", " ", "\n", "hello", "30", "3", "{\"WrappedKey\":1}", "-----BEGIN CMS-----"])
    func otherTextIsNoToken(text: String) {
        #expect(throws: TR34Error.self) { _ = try UnverifiedTR34Token(Array(text.utf8)) }
    }

    @Test func otherPEMIsNoToken() {
        for text in [PEM.text("CERTIFICATE", der), PEM.text("CMS", der) + PEM.text("CMS", der)] {
            #expect(throws: TR34Error.notToken) { _ = try UnverifiedTR34Token(Array(text.utf8)) }
        }
    }

    @Test func whatAnInspectorSees() throws {
        let token = try UnverifiedTR34Token(der)
        #expect(token.signer.issuer.contains("TR34 Test CA KDH"))
        #expect(token.recipient.issuer.contains("TR34 Test CA KRD"))
        #expect(token.signer.serialNumber == (try TR34Vectors.certificate("kdh")).serialNumber)
        #expect(token.signer.issuerAndSerialNumber == (try TR34Vectors.certificate("kdh")).issuerAndSerialNumber)
        #expect(token.contentCipher == .tdes3Key)
        #expect(token.hasTaggedParameters)
        #expect(token.revocationLists.count == 1)
        #expect(token.certificates.isEmpty)
        #expect(token.deviations.isEmpty)
        #expect(token.freshness.signingTime == token.signingTime)
    }
}
