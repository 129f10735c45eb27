import FoundationEssentials
import Glibc
import PaymentCrypto
import Testing

@testable import Facility

@Suite("Site")
struct SiteTests {
    let test: TestSite

    init() throws {
        test = try TestSite()
    }

    @Test("is made at once, for its owner only")
    func making() throws {
        _ = try test.make(.production, custodians: 3, quorum: 2)
        let site = try Site(at: test.path)
        #expect(site.environment == .production)
        #expect((site.quorum, site.custodianCount) == (2, 3))
        #expect(site.settings == SiteSettings())
        #expect(try site.keyring().entries.isEmpty)
        #expect(try permissions("") == 0o700)
        #expect(try permissions("/site.json") == 0o600)
        #expect(try permissions("/keyring.json") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.folder) == ["site"])
    }

    @Test("is not made where something is")
    func makingTwice() throws {
        _ = try test.make()
        let before = try test.read("site.json")
        #expect(throws: FacilityError.siteExists(path: test.path)) { _ = try test.make() }
        #expect(try test.read("site.json") == before)
    }

    @Test("an empty folder gives way")
    func makingInEmptyFolder() throws {
        try FileManager.default.createDirectory(atPath: test.path, withIntermediateDirectories: false)
        _ = try test.make()
        #expect(try test.contents == ["audit.jsonl", "keyring.json", "site.json"])
        #expect(try permissions("") == 0o700)
    }

    @Test("a link is not followed when a site is made")
    func makingThroughLink() throws {
        try FileManager.default.createSymbolicLink(atPath: test.path, withDestinationPath: test.folder)
        #expect(throws: FacilityError.siteExists(path: test.path)) { _ = try test.make() }
    }

    @Test("a missing site is told from a bad one")
    func missing() throws {
        #expect(throws: FacilityError.siteMissing(path: test.path)) { _ = try Site(at: test.path) }
        try FileManager.default.createDirectory(atPath: test.path, withIntermediateDirectories: false)
        #expect(throws: FacilityError.siteMissing(path: test.path)) { _ = try Site(at: test.path) }
    }

    @Test("opens with a quorum only")
    func quorum() throws {
        _ = try test.make(custodians: 3, quorum: 2)
        for people in [[0, 1], [2, 0]] { #expect(try test.unlock(people).site.path == test.path) }
        #expect(throws: FacilityError.custodians(.wrongPassphrases)) { _ = try test.unlock([0, 7]) }
        #expect(throws: FacilityError.custodians(.tooFew(expected: 2, found: 1))) { _ = try test.unlock([0]) }
    }

    @Test("settings change, and the rest stays")
    func settings() throws {
        let changed = try test.make(.production).change { $0.allowSoftwareKeys = true }
        #expect(changed.settings.allowSoftwareKeys)
        let again = try test.unlock()
        try again.checkMayProvision(with: try again.add(try .random(.aes128), as: .init("acme")))
        #expect(again.site.environment == .production)
    }

    @Test("a production site provisions with keys of the keyring only when that was allowed")
    func softwareKeys() throws {
        let site = try test.make(.production)
        let inKeyring = try site.add(try .random(.aes128), as: .init("acme"))
        #expect(throws: FacilityError.policy(.softwareKeys)) { try site.checkMayProvision(with: inKeyring) }
        let inToken = try site.attach(
            .init("kbpk", .keyBlockProtection), at: TokenLocation(uri: "pkcs11:object=kbpk"), algorithm: .aes128,
            checkValue: try SymmetricKey.random(.aes128).checkValue(), fingerprint: nil)
        try site.checkMayProvision(with: inToken)
        #expect(throws: FacilityError.policy(.singleComponent)) { try site.site.checkComponentCount(1) }
        try site.site.checkComponentCount(2)
    }

    @Test("a key in a token keeps its header and place, and never gives its value")
    func tokenKey() throws {
        let site = try test.make()
        var new = try UnlockedSite.NewKey("acme", .baseDerivationKey, .tdes2Key)
        new.header.optionalBlocks = [try #require(OptionalBlock(.baseDerivationKeyID, data: "00ABCDEFABCD"))]
        let key = try SymmetricKey.random(.tdes2Key)
        let location = TokenLocation(uri: "pkcs11:object=acme", variant: "pkcs11:object=acme-variant")
        let made = try site.attach(
            new, at: location, algorithm: .tdes2Key, checkValue: try key.checkValue(),
            fingerprint: try KeyFingerprint(key))
        let read = try site.keyring().entry(new.name)
        #expect(read.place == .token(location))
        #expect(read.header == made.header && read.header.optionalBlocks == new.header.optionalBlocks)
        #expect(read.fingerprint == made.fingerprint && read.checkValue == made.checkValue)
        #expect(throws: FacilityError.keyInToken(new.name)) { _ = try site.key(read, for: .baseDerivation) }
    }

    @Test("tags and a retirement stay with the key, and a retired key has no role")
    func annotations() throws {
        let site = try test.make()
        let entry = try site.add(try .random(.aes128), as: .init("acme"))
        try entry.check(.baseDerivation)
        let retirement = try #require(Retirement(reason: "end of contract"))
        _ = try site.annotate(entry.name) { (annotations: inout KeyAnnotations) throws(FacilityError) in
            annotations.tags["acquirer"] = "ACME"
            annotations.retirement = retirement
        }
        let read = try site.keyring().entry(entry.name)
        #expect(read.annotations.tags == ["acquirer": "ACME"])
        #expect(read.annotations.retirement == retirement)
        #expect(throws: KeyRoleError.self) { try read.check(.baseDerivation) }
    }

    @Test("a custodian's passphrase is replaced")
    func replacement() throws {
        let site = try test.make(custodians: 2, quorum: 1)
        try site.replacePassphrase(ofCustodian: 2, by: try TestSite.passphrase(5))
        for people in [[0], [5]] { #expect(try test.unlock(people).site.path == test.path) }
        #expect(throws: FacilityError.custodians(.wrongPassphrases)) { _ = try test.unlock([1]) }
    }

    /// Each command read the site before the other one wrote it.
    @Test("two passphrases are replaced at the same time")
    func concurrentReplacement() throws {
        let first = try test.make(custodians: 2, quorum: 1)
        let second = try test.unlock([1])
        try first.replacePassphrase(ofCustodian: 1, by: try TestSite.passphrase(5))
        try second.replacePassphrase(ofCustodian: 2, by: try TestSite.passphrase(6))
        for people in [[5], [6]] { #expect(try test.unlock(people).site.path == test.path) }
        for people in [[0], [1]] {
            #expect(throws: FacilityError.custodians(.wrongPassphrases)) { _ = try test.unlock(people) }
        }
        // The other's new passphrase is taken, although neither process knew of it.
        #expect(throws: FacilityError.custodians(.samePassphrase(custodian: 1, and: 2))) {
            try second.replacePassphrase(ofCustodian: 2, by: try TestSite.passphrase(5))
        }
    }

    private func permissions(_ name: String) throws -> mode_t {
        var status = stat()
        try #require(lstat(test.path + name, &status) == 0)
        return status.st_mode & 0o7777
    }
}
