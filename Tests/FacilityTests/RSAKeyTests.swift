import PaymentCrypto
import Testing

@testable import Facility

@Suite("RSA keys")
final class RSAKeyTests {
    let test: TestSite
    let site: UnlockedSite

    init() throws {
        test = try TestSite()
        site = try test.make()
    }

    @Test("come back from the file as they went in, and do what they are for")
    func roundTrip() throws {
        let made = try site.generate("kdh", .sign)
        let entry = try Site(at: test.path).keyring().rsaKey(made.name)
        #expect(entry.publicKey == made.publicKey)
        #expect((entry.size, entry.usage, entry.place) == (.rsa2048, .sign, .keyring))
        let key = try site.signingKey(entry, tokens: NoTokens())
        let message = Array("what is signed".utf8)
        #expect(try entry.publicKey.verifies(try key.sign(message), of: message))
        let receiver = try site.generate("krd", .keyTransport)
        #expect(try site.decryptionKey(receiver).publicKey == receiver.publicKey)
    }

    @Test("serve no other use")
    func otherUse() throws {
        let (kdh, krd) = (try site.generate("kdh", .sign), try site.generate("krd", .keyTransport))
        #expect(throws: refusal(krd, .rsaUsage(.sign), "key-transport")) {
            _ = try site.signingKey(krd, tokens: NoTokens())
        }
        #expect(throws: refusal(kdh, .rsaUsage(.keyTransport), "sign")) { _ = try site.decryptionKey(kdh) }
    }

    @Test("serve no more once they are retired, and their certificate is revoked")
    func retired() throws {
        let made = try site.generate("kdh", .sign)
        let chain = try site.certificateChain(of: made, operators: [])
        let retirement = try #require(Retirement(reason: "spent"))
        var event = AuditEvent("key retire")
        let keyring = try site.annotate(made.name, recording: &event) { (annotations) throws(FacilityError) in
            try annotations.retire(made.name, retirement)
        }
        let entry = try keyring.rsaKey(made.name)
        #expect(throws: FacilityError.role(.retired(entry.name, retirement))) {
            _ = try site.signingKey(entry, tokens: NoTokens())
        }
        let list = try #require(try site.revocationList(of: entry, operators: []))
        #expect(list.revocation(of: chain[0]) != nil)
    }

    @Test("share names with nothing else")
    func names() throws {
        let rsa = try site.generate("one", .sign)
        _ = try site.add(try SymmetricKey.random(.aes128), as: try UnlockedSite.NewKey("two"))
        let two = try #require(KeyName("two"))
        let keyring = try site.keyring()
        #expect((keyring.kind(of: rsa.name), keyring.kind(of: two)) == (.rsa, .symmetric))
        #expect(throws: FacilityError.otherKind(rsa.name, expected: .symmetric, found: .rsa)) {
            _ = try keyring.entry(rsa.name)
        }
        #expect(throws: FacilityError.otherKind(two, expected: .rsa, found: .symmetric)) {
            _ = try keyring.rsaKey(two)
        }
        #expect(throws: FacilityError.keyExists(two)) { _ = try site.generate("two", .sign) }
    }

    @Test("are not smaller than the site allows, on their way in and in use")
    func smallestSize() throws {
        let entry = try site.generate("kdh", .sign)
        _ = try site.change { $0.minimumRSA = .rsa3072 }
        let strict = try test.unlock()
        let refusal = FacilityError.policy(.rsaKeyTooSmall(entry.name, minimum: .rsa3072, found: .rsa2048))
        #expect(throws: refusal) { _ = try strict.signingKey(entry, tokens: NoTokens()) }
        let other = try #require(KeyName("other"))
        #expect(throws: FacilityError.policy(.rsaKeyTooSmall(other, minimum: .rsa3072, found: .rsa2048))) {
            _ = try strict.generate("other", .sign)
        }
    }

    @Test("in a token are known by their public half, which is there once")
    func attached() throws {
        let publicKey = try RSAPrivateKey.generate(.rsa2048).publicKey
        let entry = try site.attach("kdh", publicKey)
        #expect(entry.place == .token("pkcs11:token=KIF"))
        #expect(throws: FacilityError.publicKeyExists(as: entry.name)) { _ = try site.attach("again", publicKey) }
        #expect(throws: FacilityError.self) { _ = try site.signingKey(entry, tokens: NoTokens()) }
    }

    @Test("of a production site provision only where that is allowed")
    func softwareKeys() throws {
        let production = try TestSite()
        let entry = try production.make(.production).generate("kdh", .sign)
        #expect(throws: FacilityError.policy(.softwareKeys)) {
            try production.unlock().checkMayProvision(with: entry)
        }
        _ = try production.unlock().change { $0.allowSoftwareKeys = true }
        try production.unlock().checkMayProvision(with: entry)
    }

    @Test("have certificates of one CA for each role")
    func ownAuthorities() throws {
        let chains = try ["kdh", "kdh-2"].map { name in
            try site.certificateChain(of: try site.generate(name, .sign), operators: [])
        }
        let other = try site.certificateChain(of: try site.generate("krd", .keyTransport), operators: [])
        #expect(chains[0][1] == chains[1][1])
        #expect(chains[0][1] != other[1])
        let authorities = try site.keyring().authorities
        #expect(authorities.map(\.role) == [.kdh, .krd])
        try CertificateChain.check(chains[0], for: .signing, at: .now, minimum: .rsa2048)
        #expect(throws: CertificateError.wrongUsage(expected: .keyReceiving)) {
            try CertificateChain.check(chains[0], for: .keyReceiving, at: .now, minimum: .rsa2048)
        }
    }

    @Test("a certificate is kept, and told in the audit log with whose doing it was")
    func issuedOnce() throws {
        let entry = try site.generate("kdh", .sign)
        let ayse = try #require(OperatorName("ayse"))
        let chain = try site.certificateChain(of: entry, operators: [ayse])
        let kept = try site.keyring().rsaKey(entry.name)
        #expect((kept.chain, kept.isIssuedByOwnAuthority) == (chain, true))
        #expect(try site.certificateChain(of: kept, operators: []) == chain)
        let event = try #require(try test.lastEvent())
        #expect((event.action, event.operators) == ("certificate issue", ["ayse"]))
    }

    private func refusal(
        _ entry: RSAKeyEntry, _ expected: KeyRoleError.Expectation, _ found: String
    ) -> FacilityError {
        .role(KeyRoleError(name: entry.name, expected: expected, found: found))
    }
}
