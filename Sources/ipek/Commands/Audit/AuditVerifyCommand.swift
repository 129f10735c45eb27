import ArgumentParser
import Facility
import Provisioning

/// Looks at every line of the audit log.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Finds every change, swap, removal and rewriting in the audit log.",
        discussion: """
            Ends with status 1 at the first line that is not as it was written. That lines were cut off at the end shows \
            only against a head that is known from elsewhere, such as the one that a run's summary prints: give it with \
            --head. It must be the digest of one of the log's lines, not of the last.
            """)

    @Option(help: "The digest of a line that the log must have, 64 hexadecimal digits.", transform: Arguments.auditHead)
    var head: AuditHead?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let verification = try global.unlockSite().verifyAuditLog(expecting: head)
        let report = AuditReport(verification, file: "\(global.sitePath)/audit.jsonl")
        for message in report.diagnostics { global.console.say(message) }
        try global.console.write(report, text: report.text)
        if verification.fault != nil { throw CommandStatus(status: .finishedWithRejections) }
    }
}

/// What `audit verify` prints.
private struct AuditReport: Encodable {
    let count: Int
    let firstTime: String?
    let lastTime: String?
    let head: String?
    let isGood: Bool
    let unfinished: [Unfinished]
    let diagnostics: [Message]

    /// What began, and was killed.
    struct Unfinished: Encodable {
        let event: Int
        let time: String
        let action: String
    }

    private enum CodingKeys: String, CodingKey {
        case count, head, unfinished, diagnostics
        case firstTime = "first_time"
        case lastTime = "last_time"
        case isGood = "good"
    }

    init(_ verification: AuditVerification, file: String) {
        count = verification.count
        firstTime = verification.firstTime
        lastTime = verification.lastTime
        head = verification.head?.description
        isGood = verification.fault == nil
        unfinished = verification.unfinished.map {
            Unfinished(event: $0.sequence, time: $0.time, action: $0.event.action)
        }
        diagnostics = Self.diagnostics(verification, file)
    }

    private static func diagnostics(_ verification: AuditVerification, _ file: String) -> [Message] {
        let unfinished = verification.unfinished.map { record in
            var message = Message(
                ShownText.line("\(record.event.action) of \(record.time)\(name(of: record)) has no end: the process was killed"),
                severity: .notice, file: file)
            message.line = record.sequence
            return message
        }
        guard let fault = verification.fault else { return unfinished }
        var message = Message(fault.reason, file: file, hint: fault.hint)
        message.line = fault.line
        return unfinished + [message]
    }

    private static func name(of record: AuditRecord) -> String {
        let run = record.event.facts.first { $0.name == "run_id" }.map { " (run \($0.value))" }
        return run ?? record.event.keys.first.map { " (\($0.name))" } ?? ""
    }

    /// Every name is always there; what is missing is null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(firstTime, forKey: .firstTime)
        try container.encode(lastTime, forKey: .lastTime)
        try container.encode(head, forKey: .head)
        try container.encode(isGood, forKey: .isGood)
        try container.encode(unfinished, forKey: .unfinished)
        try container.encode(diagnostics, forKey: .diagnostics)
    }

    var text: String {
        Columns.facts(
            [(isGood ? "events" : "good events", "\(count)")]
                + [("first", firstTime), ("last", lastTime), ("head", head)].compactMap { name, value in
                    value.map { (name: name, value: $0) }
                })
    }
}
