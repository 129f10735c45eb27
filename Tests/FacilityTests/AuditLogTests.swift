import Dispatch
import FoundationEssentials
import Glibc
import PaymentCrypto
import Testing

@testable import Facility

@Suite("Audit log")
struct AuditLogTests {
    @Test("begins with the site, for its owner only")
    func beginning() throws {
        let test = try TestSite()
        var event = AuditEvent("init")
        event.operators = ["alice"]
        let new = try NewSite(path: test.path, environment: .production, quorum: 2)
        let scrypt = try #require(try ScryptParameters.random(logN: 12))
        var secrets = CustodianSecrets(scrypt: scrypt)
        for person in 0..<3 { try secrets.add(try TestSite.passphrase(person)) }
        let site = try new.make(for: secrets, recording: event)
        let line = try #require(AuditLine(try test.read("audit.jsonl").dropLast()))
        #expect((line.sequence, line.previous) == (1, AuditLine.noPrevious))
        #expect((line.event.action, line.event.operators, line.event.result) == ("init", ["alice"], .done))
        #expect(
            line.event.facts
                == [.init(name: "environment", value: "production"), .init(name: "custodians", value: "2 of 3")])
        var status = stat()
        #expect(stat("\(test.path)/audit.jsonl", &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try site.verifyAuditLog().fault == nil)
    }

    @Test("each line has its number, and the digest of the whole line before it")
    func chain() throws {
        let audit = try AuditFixture()
        let lines = try audit.lines
        var previous = String(repeating: "0", count: 64)
        for (index, line) in lines.enumerated() {
            let parsed = try #require(AuditLine(line[...]))
            #expect((parsed.sequence, parsed.previous) == (index + 1, previous))
            previous = Hexadecimal.text(ContentDigest.sha256(line))
        }
        #expect(try audit.site.verifyAuditLog().head?.description == previous)
        #expect(try audit.events[2] == AuditFixture.event(2))
    }

    @Test("members are sorted, the code comes last, and it is over the bytes before it")
    func form() throws {
        let audit = try AuditFixture(events: 1)
        var event = AuditFixture.event(1)
        (event.result, event.reason) = (.refused, "because")
        _ = try audit.site.record(event)
        let text = String(decoding: try #require(try audit.lines.last), as: UTF8.self)
        #expect(text.hasPrefix(#"{"action":"key import","facts":[{"name":"bag","value":"\"1\"\n/é"}],"keys":"#))
        let names = text.matches(
            of: /[{,]"(action|facts|keys|operators|previous|reason|result|sequence|time|tool|hmac)":/)
        #expect(
            names.map { String($0.output.1) } == [
                "action", "facts", "keys", "operators", "previous", "reason", "result", "sequence", "time", "tool",
                "hmac",
            ])
        let content = text.utf8.dropLast(#","hmac":""}"#.utf8.count + 64)
        let code = try audit.site.masterKey.authenticationCode(.auditLog, over: Array(content))
        #expect(text.hasSuffix(#","hmac":"\#(code)"}"#))
    }

    @Test("every head is that of a line, and only those")
    func heads() throws {
        let audit = try AuditFixture()
        for line in try audit.lines {
            #expect(try audit.badLine(expecting: AuditHead(of: line)) == nil)
            #expect(try audit.badLine(expecting: AuditHead(of: line.dropLast())) == 0)
        }
        let head = try audit.site.record(AuditFixture.event(9))
        #expect(try audit.site.verifyAuditLog(expecting: AuditHead("\(head)".lowercased())).head == head)
    }

    @Test("an event may be long")
    func longEvent() throws {
        let audit = try AuditFixture()
        var event = AuditFixture.event(1)
        for number in 0..<50_000 { event.add(fact: "n", "\(number)") }
        for _ in 1...2 { _ = try audit.site.record(event) }
        _ = try audit.site.record(AuditFixture.event(2))
        let verification = try audit.site.verifyAuditLog()
        #expect((verification.count, verification.fault) == (7, nil))
    }

    @Test("a log that is edited at its end, emptied or missing takes nothing more")
    func refusal() throws {
        let audit = try AuditFixture()
        var lines = try audit.lines
        lines[3][10] ^= 1
        let whole = try audit.bytes
        for bytes in [lines.joined(separator: [10]) + [10], [], [10], Array("nonsense\n".utf8)] as [[UInt8]] {
            try audit.write(bytes)
            #expect(Self.isDamage { _ = try audit.site.record(AuditFixture.event(5)) })
            #expect(Self.isDamage { try audit.site.checkAuditLog() })
            #expect(try audit.bytes == bytes)
        }
        try audit.remove()
        #expect(Self.isDamage { _ = try audit.site.record(AuditFixture.event(5)) })
        #expect(try audit.badLine() == 0)
        #expect(try audit.test.contents == ["keyring.json", "site.json"])
        try audit.write(whole)
        _ = try audit.site.record(AuditFixture.event(5))
        #expect(try audit.badLine() == nil)
    }

    @Test("neither a link nor anything but a file is a log", arguments: ["link", "pipe", "folder"])
    func notALog(kind: String) throws {
        let audit = try AuditFixture()
        let path = "\(audit.test.path)/audit.jsonl"
        #expect(rename(path, path + ".old") == 0)
        switch kind {
        case "link": #expect(symlink(path + ".old", path) == 0)
        case "pipe": #expect(mkfifo(path, 0o600) == 0)
        default: #expect(mkdir(path, 0o700) == 0)
        }
        #expect(throws: FacilityError.self) { _ = try audit.site.record(AuditFixture.event(5)) }
        #expect(throws: FacilityError.self) { _ = try audit.site.verifyAuditLog() }
    }

    @Test("what a crash left of a line is cut off, and the next event says so")
    func tornLine() throws {
        let audit = try AuditFixture()
        let whole = try audit.bytes
        try audit.write(whole + Array(#"{"action":"key gen"#.utf8))
        #expect(try audit.badLine() == 5)
        _ = try audit.site.record(AuditFixture.event(5))
        #expect(try audit.bytes.starts(with: whole))
        #expect(try audit.badLine() == nil)
        let facts = try #require(try audit.events.last).facts
        #expect(
            facts.contains(.init(name: "audit_log", value: "18 bytes of a line without an end were cut off"))
                && facts.contains { $0.name == "audit_log_cut_sha256" && $0.value.count == 64 })
    }

    @Test("a line that lost nothing but its end happened")
    func lostEnd() throws {
        let audit = try AuditFixture()
        let whole = try audit.bytes
        try audit.write(whole.dropLast())
        _ = try audit.site.record(AuditFixture.event(5))
        #expect(try audit.bytes.starts(with: whole))
        #expect(try audit.site.verifyAuditLog().count == 5)
        #expect(try audit.events.last?.facts.last?.name == "audit_log")
    }

    @Test("a site from before the log gets one, which may not go missing from then on")
    func olderSite() throws {
        let audit = try AuditFixture()
        _ = try audit.site.rewrite { _, document in document.hasAuditLog = nil }
        try audit.remove()
        let older = try audit.test.unlock()
        #expect(try older.verifyAuditLog() == AuditVerification())
        _ = try older.record(AuditFixture.event(1))
        #expect(try audit.events.first?.facts.last?.name == "audit_log")
        #expect(try Site(at: audit.test.path).document.hasAuditLog == true)
        _ = try older.record(AuditFixture.event(2))
        #expect(try audit.site.verifyAuditLog().count == 2)
        try audit.remove()
        let marked = try audit.test.unlock()
        #expect(Self.isDamage { _ = try marked.record(AuditFixture.event(3)) })
    }

    @Test("writers wait for each other")
    func writers() throws {
        let test = try TestSite()
        let site = try test.make()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do {
                for number in 0..<25 { _ = try site.record(AuditFixture.event(number)) }
            } catch { Issue.record(error) }
        }
        let verification = try site.verifyAuditLog()
        #expect((verification.count, verification.fault) == (201, nil))
    }

    private static func isDamage(_ body: () throws -> Void) -> Bool {
        do { try body() } catch FacilityError.damaged(let file, _) { return file.hasSuffix("/audit.jsonl") } catch {}
        return false
    }
}
