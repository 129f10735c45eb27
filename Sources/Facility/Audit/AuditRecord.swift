/// An event of the audit log together with its place there, as anybody can read it.
public struct AuditRecord: Sendable, Equatable {
    /// 1, 2, 3, ...
    public let sequence: Int
    /// When it was written, UTC.
    public let time: String
    /// What happened.
    public let event: AuditEvent
    /// The line as it lies in the file, a JSON object.
    public let json: String

    /// The run that it is about, where it is about one.
    var runID: String? { event.facts.first { $0.name == "run_id" }?.value }

    /// Reads a line without its end; nil where it is no event.
    init?(_ line: ArraySlice<UInt8>) {
        guard let parsed = AuditLine(line) else { return nil }
        (sequence, time, event) = (parsed.sequence, parsed.time, parsed.event)
        json = String(decoding: line, as: UTF8.self)
    }
}

extension Site {
    /// When the last event of the audit log was written, as the file says; nil where there is none.
    ///
    /// Nothing is proved to be genuine.
    public func lastAuditTime() throws -> String? {
        guard let log = try AuditLog(in: try Self.open(path), for: .reading) else { return nil }
        return try AuditTail(of: log)?.line.flatMap { AuditRecord($0[...]) }?.time
    }

    /// What the ledger was when the last event was written, as the file says; nil where it says nothing.
    ///
    /// Nothing is proved to be genuine.
    func lastLedgerHead() throws -> LedgerHead? {
        guard let log = try AuditLog(in: try Self.open(path), for: .reading) else { return nil }
        return try AuditTail(of: log)?.line.flatMap { AuditLine($0[...]) }?.ledger
    }

    /// Reads the audit log event by event; nothing is proved to be genuine, which takes the master key.
    public func readAuditLog(_ body: (AuditRecord) throws -> Void) throws {
        guard let log = try AuditLog(in: try Self.open(path), for: .reading) else { return }
        let name = log.path
        var lines = try AuditLines(log)
        var number = 0
        while let line = try lines.next(), line.isEnded {
            number += 1
            guard let record = AuditRecord(line.bytes) else {
                throw FacilityError.damaged(file: name, reason: "line \(number) is no event")
            }
            try body(record)
        }
    }
}
