import PaymentCrypto
import Testing

@testable import Facility

/// Files of the site that are not as the tool wrote them.
@Suite("Damaged files")
struct DamageTests {
    let test: TestSite

    init() throws {
        test = try TestSite()
        let site = try test.make(custodians: 2, quorum: 1)
        _ = try site.add(try SymmetricKey.random(.aes128), as: try UnlockedSite.NewKey("key-1"))
    }

    @Test("cut short anywhere", arguments: ["site.json", "keyring.json"])
    func cutShort(file: String) throws {
        let whole = try test.read(file)
        for count in stride(from: 0, to: whole.count, by: 7) {
            try test.write(Array(whole.prefix(count)), to: file)
            #expect(throws: damage(file)) { try read() }
        }
    }

    @Test("one byte changed anywhere", arguments: ["site.json", "keyring.json"])
    func changedByte(file: String) throws {
        let whole = try test.read(file)
        for index in stride(from: 0, to: whole.count, by: 3) {
            var changed = whole
            changed[index] ^= 0x01
            try test.write(changed, to: file)
            #expect(throws: damage(file)) { try read() }
        }
    }

    @Test("something after the end", arguments: ["site.json", "keyring.json"])
    func somethingAfter(file: String) throws {
        try test.write(try test.read(file) + Array("\n".utf8), to: file)
        #expect(throws: damage(file)) { try read() }
    }

    /// The digest is no secret: who edits a file can make it right again, but not the MAC.
    @Test("edited, with the digest made right")
    func forgedSettings() throws {
        let edits = [("\"test\"", "\"production\""), ("false", "true"), ("\"quorum\" : 1", "\"quorum\" :  1")]
        let whole = try test.read("site.json")
        for (old, new) in edits {
            try test.write(try forged(whole, replacing: old, by: new), to: "site.json")
            _ = try Site(at: test.path)
            #expect(throws: forgery("site.json")) { _ = try test.unlock() }
        }
    }

    @Test("an entry renamed, with the digest made right")
    func forgedKeyring() throws {
        let whole = try test.read("keyring.json")
        try test.write(try forged(whole, replacing: "key-1", by: "key-2"), to: "keyring.json")
        #expect(try Site(at: test.path).keyring().entries.map(\.name.description) == ["key-2"])
        let site = try test.unlock()
        let name = try #require(KeyName("key-2"))
        #expect(throws: forgery("keyring.json")) { _ = try site.key(named: name, for: .baseDerivation).algorithm }
        #expect(throws: forgery("keyring.json")) { try site.remove(name) }
    }

    @Test("an entry whose usage is not the key block's is no entry")
    func contradiction() throws {
        let whole = try test.read("keyring.json")
        try test.write(try forged(whole, replacing: "\"B0\"", by: "\"K1\""), to: "keyring.json")
        #expect(throws: FacilityError.self) { try read() }
    }

    @Test("the keyring of another site")
    func anotherSite() throws {
        let other = try TestSite()
        _ = try other.make()
        try test.write(try other.read("keyring.json"), to: "keyring.json")
        #expect(throws: forgery("keyring.json")) { _ = try test.unlock().keyring() }
    }

    @Test("a damaged file is never written over")
    func notWrittenOver() throws {
        let site = try test.unlock()
        let cut = Array(try test.read("keyring.json").dropLast())
        try test.write(cut, to: "keyring.json")
        #expect(throws: damage("keyring.json")) {
            _ = try site.add(try SymmetricKey.random(.aes128), as: try UnlockedSite.NewKey("key-2"))
        }
        #expect(try test.read("keyring.json") == cut)
    }

    private func read() throws { _ = try Site(at: test.path).keyring() }

    private func damage(_ file: String) -> FacilityError { .damaged(file: "\(test.path)/\(file)", reason: Site.damage) }

    private func forgery(_ file: String) -> FacilityError {
        .damaged(file: "\(test.path)/\(file)", reason: Site.forgery)
    }

    private func forged(_ bytes: [UInt8], replacing old: String, by new: String) throws -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        let place = try #require(text.firstRange(of: old))
        let edited = text.replacingCharacters(in: place, with: new)
        let end = try #require(edited.firstRange(of: ",\n  \"sha256\""))
        let covered = edited[..<end.lowerBound]
        let digest = Hexadecimal.text(ContentDigest.sha256(Array(covered.utf8)))
        return Array("\(covered),\n  \"sha256\" : \"\(digest)\"\n}\n".utf8)
    }
}

extension String {
    fileprivate func firstRange(of text: String) -> Range<String.Index>? { ranges(of: text).first }

    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
