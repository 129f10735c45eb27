import Testing

@testable import PaymentCrypto

@Suite("scrypt")
struct ScryptTests {
    struct KnownAnswer: Sendable, CustomTestStringConvertible {
        let passphrase: String
        let salt: String
        let (n, r, p): (Int, Int, Int)
        let output: String

        var testDescription: String { "N = \(n)" }
    }

    /// RFC 7914, clause 12, without the one that takes 1 GiB.
    static let knownAnswers = [
        KnownAnswer(
            passphrase: "", salt: "", (n: 16, r: 1, p: 1),
            output: """
                77D6576238657B203B19CA42C18A0497F16B4844E3074AE8DFDFFA3FEDE21442\
                FCD0069DED0948F8326A753A0FC81F17E8D3E0FB2E0D3628CF35E20C38D18906
                """),
        KnownAnswer(
            passphrase: "password", salt: "NaCl", (n: 1024, r: 8, p: 16),
            output: """
                FDBABE1C9D3472007856E7190D01E9FE7C6AD7CBC8237830E77376634B373162\
                2EAF30D92E22A3886FF109279D9830DAC727AFB94A83EE6D8360CBDFA2CC0640
                """),
        KnownAnswer(
            passphrase: "pleaseletmein", salt: "SodiumChloride", (n: 16384, r: 8, p: 1),
            output: """
                7023BDCB3AFD7348461C06CD81FD38EBFDA8FBBA904F8E3EA9B543F6545DA1F2\
                D5432955613F0FCF62D49705242A9AF9E61E85DC0D651E40DFCF017B45575887
                """),
    ]

    @Test("known answers", arguments: knownAnswers)
    func knownAnswer(_ answer: KnownAnswer) throws {
        let derived = try answer.passphrase.utf8CString.withUnsafeBytes { text in
            try Scrypt.derive(
                UnsafeRawBufferPointer(rebasing: text.dropLast()), salt: Array(answer.salt.utf8), n: answer.n,
                r: answer.r, p: answer.p, byteCount: 64
            ).hexadecimal()
        }
        #expect(derived == answer.output)
    }

    @Test("the cost of a site is bounded", arguments: [-1, 0, 11, 23, 63, 64])
    func costIsBounded(logN: Int) throws {
        #expect(ScryptParameters(logN: logN, salt: [UInt8](repeating: 0, count: 16)) == nil)
    }

    @Test("the standard cost, which takes more memory than OpenSSL gives by itself")
    func standardCost() throws {
        let scrypt = try #require(try ScryptParameters.random(logN: ScryptParameters.standardLogN))
        let secret = try scrypt.stretch(try Passphrase(SecretLine("correct horse battery")))
        let count = secret.count
        #expect(count == 32)
    }
}

extension ScryptTests.KnownAnswer {
    init(passphrase: String, salt: String, _ cost: (n: Int, r: Int, p: Int), output: String) {
        (self.passphrase, self.salt, self.output) = (passphrase, salt, output)
        (n, r, p) = cost
    }
}
