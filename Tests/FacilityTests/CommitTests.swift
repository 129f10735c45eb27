import FoundationEssentials
import Glibc
import PaymentCrypto
import Testing

@testable import Facility

/// The audit log has its line before a change takes effect, and what a killed process left is finished or thrown away.
@Suite("Changes and their lines")
struct CommitTests {
    let audit: AuditFixture
    let name: KeyName

    init() throws {
        audit = try AuditFixture(events: 1)
        name = try #require(KeyName("acme"))
    }

    private var path: String { audit.test.path }

    private func addKey(_ name: String = "acme") throws {
        _ = try audit.site.add(try SymmetricKey.random(.aes128), as: try .init(name))
    }

    private func digest(_ file: String) throws -> String {
        Hexadecimal.text(ContentDigest.sha256(try audit.test.read(file))).lowercased()
    }

    @Test("a line tells which file it replaced, and by what")
    func replacement() throws {
        try addKey()
        let first = try #require(try audit.events.last)
        #expect((first.action, first.result, first.writes?.file) == ("key import", .done, "keyring.json"))
        #expect(try first.writes?.sha256 == digest("keyring.json"))
        _ = try audit.site.change { $0.twoOperators = true }
        let second = try #require(try audit.events.last)
        #expect((second.action, second.writes?.file) == ("site set", "site.json"))
        #expect(try second.writes?.sha256 == digest("site.json"))
        #expect(try audit.fault() == nil)
        #expect(try audit.test.contents == ["audit.jsonl", "keyring.json", "site.json"])
    }

    @Test("the event knows its line")
    func head() throws {
        var event = AuditEvent("key generate")
        _ = try audit.site.add(try SymmetricKey.random(.aes128), as: try .init("acme"), recording: &event)
        #expect(try event.head == AuditHead(of: try #require(audit.lines.last)))
        #expect(event.keys.map(\.name) == ["acme"])
        #expect(event.facts == [.init(name: "origin", value: "a test")])
    }

    @Test("what was recorded and not put in place is done when the site is opened next")
    func rollForward() throws {
        let before = try audit.test.read("keyring.json")
        try addKey()
        let after = try audit.test.read("keyring.json")
        // The process was killed between the line and the name.
        try audit.test.write(before, to: "keyring.json")
        try audit.test.write(after, to: "keyring.json.new")
        #expect(throws: FacilityError.keyMissing(name)) { try Site(at: path).keyring().entry(name) }
        let opened = try audit.test.unlock()
        #expect(opened.finished.map(\.sequence) == [2])
        #expect(try opened.keyring().entry(name).name == name)
        #expect(try audit.test.contents == ["audit.jsonl", "keyring.json", "site.json"])
        #expect(try opened.verifyAuditLog().fault == nil)
        #expect(try audit.test.unlock().finished.isEmpty)
    }

    @Test("settings that were not put in place hold as soon as the site is open")
    func rollForwardSettings() throws {
        let before = try audit.test.read("site.json")
        _ = try audit.site.change { $0.twoOperators = true }
        let after = try audit.test.read("site.json")
        try audit.test.write(before, to: "site.json")
        try audit.test.write(after, to: "site.json.new")
        #expect(try audit.test.unlock().site.settings.twoOperators)
    }

    @Test("a change finds what another process left, too")
    func rollForwardInChange() throws {
        let before = try audit.test.read("keyring.json")
        try addKey()
        let after = try audit.test.read("keyring.json")
        try audit.test.write(before, to: "keyring.json")
        try audit.test.write(after, to: "keyring.json.new")
        try addKey("other")
        #expect(try Site(at: path).keyring().entries.map(\.name.description) == ["acme", "other"])
    }

    @Test("what was not recorded is thrown away", arguments: ["not recorded", "older", "nonsense", "open to others", "link"])
    func rollBack(kind: String) throws {
        try addKey()
        let older = try audit.test.read("keyring.json")
        try addKey("other")
        let newer = try audit.test.read("keyring.json")
        let prepared = "\(path)/keyring.json.new"
        switch kind {
        case "not recorded":
            try audit.test.write(
                try AuthenticatedDocument.encode(Keyring().document, under: audit.site.masterKey, for: .keyring),
                to: "keyring.json.new")
        case "older": try audit.test.write(older, to: "keyring.json.new")
        case "nonsense": try audit.test.write([1, 2, 3], to: "keyring.json.new")
        case "open to others":
            try audit.test.write(newer, to: "keyring.json.new")
            chmod(prepared, 0o666)
        default: #expect(symlink("/dev/zero", prepared) == 0)
        }
        #expect(try audit.test.unlock().finished.isEmpty)
        #expect(try audit.test.read("keyring.json") == newer)
        #expect(try audit.test.contents == ["audit.jsonl", "keyring.json", "site.json"])
    }

    @Test("a change that can neither be put in place nor taken back in the log is made later")
    func neither() throws {
        try addKey()
        let before = try audit.test.read("keyring.json")
        // A file cannot take the place of a folder.
        var event = AuditEvent("key tag")
        #expect(throws: FacilityError.self) {
            try audit.site.annotate(name, recording: &event) { (_) throws(FacilityError) in
                unlink("\(path)/keyring.json")
                mkdir("\(path)/keyring.json", 0o700)
            }
        }
        rmdir("\(path)/keyring.json")
        try audit.test.write(before, to: "keyring.json")
        #expect(event.head != nil)
        #expect(try audit.test.unlock().finished.map(\.event.action) == ["key tag"])
        #expect(try audit.fault() == nil)
    }

    @Test("without a line nothing changes")
    func noLine() throws {
        let before = try audit.test.contents.map { try audit.test.read($0) }
        let log = "\(path)/audit.jsonl"
        #expect(chmod(log, 0o666) == 0)
        #expect(throws: FacilityError.self) { try addKey() }
        #expect(throws: FacilityError.self) { _ = try audit.site.change { $0.twoOperators = true } }
        #expect(throws: FacilityError.self) {
            try audit.site.replacePassphrase(ofCustodian: 1, by: try TestSite.passphrase(3))
        }
        #expect(chmod(log, 0o600) == 0)
        #expect(try audit.test.contents == ["audit.jsonl", "keyring.json", "site.json"])
        #expect(try audit.test.contents.map { try audit.test.read($0) } == before)
    }

    @Test("an older copy of a file shows in the log", arguments: ["keyring.json", "site.json"])
    func olderCopy(file: String) throws {
        let older = try audit.test.read(file)
        try addKey()
        _ = try audit.site.change { $0.twoOperators = true }
        let (newer, number) = (try audit.test.read(file), file == "keyring.json" ? 2 : 3)
        try audit.test.write(older, to: file)
        #expect(try audit.fault()?.reason == "\(file) is not the file that event \(number) wrote")
        try audit.test.write(newer, to: file)
        #expect(try audit.fault() == nil)
    }
}
