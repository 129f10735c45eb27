import Dispatch
import PaymentCrypto
import Testing

@testable import Facility

@Suite("Keyring")
struct KeyringTests {
    let test: TestSite

    init() throws {
        test = try TestSite()
    }

    @Test("gives back the key that went in", arguments: KeyAlgorithm.allCases)
    func roundTrip(algorithm: KeyAlgorithm) throws {
        let key = try SymmetricKey.random(algorithm)
        let entry = try test.make().add(key, as: try UnlockedSite.NewKey("kbpk", .keyBlockProtection, algorithm))
        #expect(entry.checkValue == (try key.checkValue()).description)
        #expect(entry.fingerprint == nil)
        let site = try test.unlock()
        let isEqual = try site.key(named: entry.name, for: .wrapping).isEqual(to: key)
        #expect(isEqual)
        #expect(try Site(at: test.path).keyring().entries.map(\.checkValue) == [entry.checkValue])
    }

    @Test("entries are in the order of their names, and names are unique")
    func names() throws {
        let site = try test.make()
        for name in ["b", "a", "C"] {
            _ = try site.add(try SymmetricKey.random(.aes128), as: try UnlockedSite.NewKey(name))
        }
        #expect(try names(in: test) == ["C", "a", "b"])
        let taken = try UnlockedSite.NewKey("b")
        #expect(throws: FacilityError.keyExists(taken.name)) {
            _ = try site.add(try SymmetricKey.random(.aes128), as: taken)
        }
        try site.remove(taken.name)
        #expect(throws: FacilityError.keyMissing(taken.name)) { try site.remove(taken.name) }
        #expect(try names(in: test) == ["C", "a"])
    }

    @Test("a base derivation key has a fingerprint, and K1 K2 K1 counts as K1 K2")
    func baseDerivationKey() throws {
        let digits = "0123456789ABCDEFFEDCBA98765432100123456789ABCDEF"
        let entry = try test.make().add(
            try SymmetricKey.test(digits, .tdes3Key), as: try UnlockedSite.NewKey("bdk", .baseDerivationKey, .tdes3Key))
        #expect(entry.fingerprint?.description == "D76CD460D98C5B8EA77771105FC07B79")
        let read = try Site(at: test.path).keyring().entry(entry.name)
        #expect((read.algorithm, read.effectiveAlgorithm) == (.tdes3Key, .tdes2Key))
        #expect(read.fingerprint == entry.fingerprint)
        try read.check(.baseDerivation)
    }

    @Test("a production site takes no published key, and no site a weak one")
    func unfitKeys() throws {
        let site = try test.make(.production)
        let new = try UnlockedSite.NewKey("key", .baseDerivationKey, .tdes2Key)
        #expect(throws: FacilityError.policy(.publishedTestKey)) {
            _ = try site.add(try SymmetricKey.test("0123456789ABCDEFFEDCBA9876543210", .tdes2Key), as: new)
        }
        #expect(try names(in: test) == [])
    }

    @Test("keys added at the same time are all there in the end")
    func concurrentAdds() throws {
        let site = try test.make()
        let count = 16
        DispatchQueue.concurrentPerform(iterations: count) { number in
            do {
                _ = try site.add(try SymmetricKey.random(.aes128), as: try UnlockedSite.NewKey("key-\(number)"))
            } catch {
                Issue.record("\(error)")
            }
        }
        #expect(try names(in: test).count == count)
    }

    @Test("names", arguments: ["a", "A.b_c-9", "0", String(repeating: "x", count: 64)])
    func goodNames(text: String) {
        #expect(KeyName(text)?.description == text)
    }

    @Test(
        "what is no name",
        arguments: ["", ".", "-a", "_a", "a/b", "a b", "a\n", "é", "../a", String(repeating: "x", count: 65)])
    func badNames(text: String) {
        #expect(KeyName(text) == nil)
    }

    private func names(in test: TestSite) throws -> [String] {
        try Site(at: test.path).keyring().entries.map(\.name.description)
    }
}
