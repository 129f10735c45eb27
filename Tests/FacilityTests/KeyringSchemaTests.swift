import PaymentCrypto
import Testing

@testable import Facility

@Suite("The schema of the keyring")
final class KeyringSchemaTests {
    let test: TestSite
    let site: UnlockedSite

    init() throws {
        test = try TestSite()
        site = try test.make()
    }

    @Test("stays as it was while there are no public keys, and rises with the first")
    func rises() throws {
        _ = try site.add(try SymmetricKey.random(.aes128), as: try UnlockedSite.NewKey("key"))
        let before = try site.keyring().document
        #expect(before.schema == 1 && !before.hasPublicKeys)
        _ = try site.generate("kdh", .sign)
        #expect(try site.keyring().document.schema == 2)
    }

    @Test("of a file with what belongs to a later one is refused")
    func disagreement() throws {
        _ = try site.generate("kdh", .sign)
        var document = try site.keyring().document
        document.schema = 1
        #expect(Keyring(document) == nil)
        document.schema = 3
        #expect(Keyring(document) == nil)
        document.schema = 2
        #expect(Keyring(document) != nil)
    }

    @Test("a key that does not agree with itself is none", arguments: 0..<7)
    func damaged(_ number: Int) throws {
        let kdh = try site.generate("kdh", .sign)
        let krd = try site.generate("krd", .keyTransport)
        var member = kdh.member
        #expect(RSAKeyEntry(member) != nil)
        switch number {
        case 0: member.keyBlock = krd.member.keyBlock
        case 1: member.usage = "key-transport"
        case 2: member.algorithm = "rsa-3072"
        case 3: member.publicKey = "AAAA"
        case 4: member.keyBlock = nil
        case 5: member.token = "pkcs11:token=KIF"
        default: member.certificates = ["AAAA"]
        }
        #expect(RSAKeyEntry(member) == nil)
    }

    @Test("a private key that is another one's is found out when it is opened")
    func exchanged() throws {
        let (one, two) = (try site.generate("one", .sign), try site.generate("two", .sign))
        var member = one.member
        member.keyBlock = two.member.keyBlock
        let entry = try #require(RSAKeyEntry(member))
        #expect {
            _ = try site.signingKey(entry, tokens: NoTokens())
        } throws: { error in
            guard case .damaged = error as? FacilityError else { return false }
            return true
        }
    }

    @Test(
        "moments are read as they are written, and nothing else",
        arguments: ["2026-03-01T12:00:00Z", "1999-12-31T23:59:59Z"])
    func moments(_ text: String) throws {
        #expect(Moment(text)?.description == text)
        for bad in [
            "", "2026-02-30T00:00:00Z", "2026-3-1T12:00:00Z", text + "Z", "2026-03-01 12:00:00Z",
            "99999999999999999999-01-01T00:00:00Z",
        ] {
            #expect(Moment(bad) == nil)
        }
    }
}
