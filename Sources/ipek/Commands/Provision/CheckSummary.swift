import PaymentCrypto
import Provisioning

/// Tells people and scripts what a check has found.
struct CheckSummary {
    private let report: CheckReport
    private let manifest: String

    init(_ report: CheckReport, manifest: String) {
        self.report = report
        self.manifest = manifest
    }

    private struct Document: Encodable {
        let diagnostics: [Diagnostic]
        let omitted: Int
        let rows: Int
        let rejectedRows: Int
        let devices: Int
        let sha256: String?

        enum CodingKeys: String, CodingKey {
            case diagnostics, omitted, rows, devices, sha256
            case rejectedRows = "rejected_rows"
        }
    }

    func tell(_ console: Console) throws {
        tellFaults(console)
        if report.isGood {
            console.notice("\(manifest): \(Self.count(report.deviceCount, "device")) in \(rows), no fault")
        } else {
            console.notice(
                "\(manifest): \(Self.count(report.errorCount, "fault")) in"
                    + " \(Self.count(report.rejectedRowCount, "row")) of \(report.rowCount)")
        }
        guard console.json else { return }
        try console.write(
            Document(
                diagnostics: report.diagnostics, omitted: report.omittedCount, rows: report.rowCount,
                rejectedRows: report.rejectedRowCount, devices: report.deviceCount, sha256: report.digest?.description))
    }

    /// Faults and notices, each on a line of its own; notices are silenced by `--quiet`.
    func tellFaults(_ console: Console) {
        for diagnostic in report.diagnostics { console.say(diagnostic) }
        if report.omittedCount > 0 {
            console.warn(
                "\(Self.count(report.omittedCount, "more fault")) not shown", hint: "--all prints every one")
        }
    }

    private var rows: String { Self.count(report.rowCount, "row") }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
