import FoundationEssentials
import PaymentCrypto
import Testing

@testable import Facility

/// A site with an audit log of a few events, and what can be done to the file.
final class AuditFixture {
    let test: TestSite
    let site: UnlockedSite

    static let file = "audit.jsonl"

    /// The first event is that of the site's making.
    init(events: Int = 4) throws {
        test = try TestSite()
        site = try test.make()
        for number in 1..<events { _ = try site.record(Self.event(number)) }
    }

    static func event(_ number: Int) -> AuditEvent {
        var event = AuditEvent("key import")
        event.operators = ["alice", "bob \(number)"]
        event.keys = [.init(name: "key-\(number)", kcv: "08D7B4", role: "under")]
        event.add(fact: "bag", "\"\(number)\"\n/é")
        return event
    }

    var bytes: [UInt8] { get throws { try test.read(Self.file) } }

    /// The lines without their ends.
    var lines: [[UInt8]] {
        get throws { try bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) } }
    }

    func write(_ bytes: [UInt8]) throws { try test.write(bytes, to: Self.file) }

    func write(lines: [[UInt8]]) throws { try write(Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined())) }

    func remove() throws { try FileManager.default.removeItem(atPath: "\(test.path)/\(Self.file)") }

    /// What verification finds: nil where everything is as it was written.
    func fault(expecting head: AuditHead? = nil) throws -> AuditVerification.Fault? {
        try site.verifyAuditLog(expecting: head).fault
    }

    /// The first bad line, 0 where the log is bad as a whole, nil where it is good.
    func badLine(expecting head: AuditHead? = nil) throws -> Int? {
        try fault(expecting: head).map { $0.line ?? 0 }
    }

    /// The events as the file has them.
    var events: [AuditEvent] { get throws { try lines.map { try #require(AuditLine($0[...])).event } } }
}
