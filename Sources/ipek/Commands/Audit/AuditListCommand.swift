import ArgumentParser
import Facility

/// Shows what happened; no passphrase is needed.
struct AuditListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Shows the events of the audit log; needs no passphrase, and proves nothing.",
        discussion: "Whether the events are as they were written is shown by 'ipek audit verify'.")

    @Option(help: "Only events that touched this key.", transform: Arguments.keyName)
    var key: KeyName?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let site = try global.readSite()
        if global.json { return try writeDocument(site) }
        try site.readAuditLog { record in
            if isWanted(record) { try global.console.write(Self.text(record)) }
        }
    }

    /// Event by event: a log may have millions of them.
    private func writeDocument(_ site: Site) throws {
        try global.console.write("{\"events\":[")
        var isFirst = true
        try site.readAuditLog { record in
            guard isWanted(record) else { return }
            try global.console.write((isFirst ? "" : ",") + record.json)
            isFirst = false
        }
        try global.console.write("]}")
    }

    private func isWanted(_ record: AuditRecord) -> Bool {
        key.map { key in record.event.keys.contains { $0.name == key.description } } ?? true
    }

    private static func text(_ record: AuditRecord) -> String {
        let event = record.event
        let keys = event.keys.map { key in
            ([key.role].compactMap(\.self) + [key.name, key.kcv.isEmpty ? "" : "(\(key.kcv))"])
                .filter { !$0.isEmpty }.joined(separator: " ")
        }
        let head = "\(record.sequence)  \(record.time)  \(event.action): \(event.result.rawValue)"
        let operators = event.operators.isEmpty ? [] : ["by \(event.operators.joined(separator: ", "))"]
        let facts = event.facts.map { "\($0.name) \($0.value)" }
        let rest = [keys.joined(separator: ", "), event.reason ?? ""] + operators + facts
        // The file may have been edited: nothing in it may reach a terminal as it is.
        return ShownText.withoutControls(([head] + rest.filter { !$0.isEmpty }).joined(separator: "; "))
    }
}
