import Provisioning

/// Tells people and scripts what a reconciliation came to.
struct ReconciliationReport {
    private let outcome: ReconciliationRun.Outcome
    private let returned: String

    /// - Parameter returned: the return as it was named on the command line.
    init(_ outcome: ReconciliationRun.Outcome, returned: String) {
        (self.outcome, self.returned) = (outcome, returned)
    }

    /// The exit status comes with it: a difference is none of a command that has failed.
    func tell(_ console: Console) throws {
        switch outcome {
        case .badReturn(let diagnostics): try refuse(diagnostics, console)
        case .compared(let reconciliation):
            for notice in reconciliation.notices { console.say(notice) }
            tell(reconciliation, console)
            if console.json { try console.write(Document(reconciliation)) }
            if !reconciliation.summary.isClean { throw CommandStatus(status: .finishedWithRejections) }
        }
    }

    private func refuse(_ diagnostics: DiagnosticList, _ console: Console) throws {
        for diagnostic in diagnostics.kept { console.say(diagnostic) }
        if diagnostics.omittedCount > 0 {
            console.warn(
                "\(CheckSummary.count(diagnostics.omittedCount, "more fault")) not shown",
                hint: "--all prints every one")
        }
        console.notice(
            "\(returned): \(CheckSummary.count(diagnostics.errorCount, "fault")); nothing was reconciled")
        if console.json { try console.write(diagnostics) }
        throw CommandStatus(status: .badInput)
    }

    private func tell(_ reconciliation: Reconciliation, _ console: Console) {
        let summary = reconciliation.summary
        let (devices, rows) = (summary.buckets.total, CheckSummary.count(summary.returned.rows, "row"))
        if summary.run.environment == "test" { console.notice("TEST run \(summary.run.id), on a test site") }
        console.notice("\(rows) came back for \(CheckSummary.count(devices, "device")) of run \(summary.run.id)")
        console.notice(Self.table(summary))
        if !summary.causes.isEmpty { console.notice("why:\n\(Self.causes(summary))") }
        console.notice("files to open:")
        console.notice("  \(ShownText.line(reconciliation.pagePath))  for people")
        console.notice("  \(ShownText.line(reconciliation.reportPath))   every device")
        if let auditHead = summary.auditHead { console.notice("audit head \(auditHead)") }
    }

    private static func table(_ summary: ReconciliationSummary) -> String {
        let buckets = summary.buckets
        var rows = [
            ("confirmed", buckets.confirmed, "as issued"), ("mismatch", buckets.mismatch, "not as issued"),
            ("failed", buckets.failed, "not injected"), ("missing", buckets.missing, "not back yet"),
            ("rejected", buckets.rejected, "never issued"), ("sum", buckets.total, "the manifest"),
        ]
        if summary.unexpected > 0 { rows.append(("unexpected", summary.unexpected, "rows that the run does not have")) }
        if summary.duplicate > 0 { rows.append(("duplicate", summary.duplicate, "came back more than once")) }
        return Columns.table(rows.map { ["  \($0.0)", "\($0.1)", $0.2] })
    }

    private static func causes(_ summary: ReconciliationSummary) -> String {
        Columns.table(summary.causes.map { ["  \($0.count)", ShownText.line($0.name)] })
    }

    private struct Document: Encodable {
        struct Counts: Encodable {
            let confirmed, mismatch, failed, missing, rejected, unexpected, duplicate: Int
        }

        struct Returned: Encodable {
            let name, sha256: String
            let rows: Int
        }

        let schema = "ipek.reconciliation/1"
        let runID, environment: String
        let counts: Counts
        let devices: Int
        let returned: Returned
        let report, page: String
        let auditHead: String?

        enum CodingKeys: String, CodingKey {
            case schema, environment, counts, devices, returned, report, page
            case runID = "run_id"
            case auditHead = "audit_head"
        }

        init(_ reconciliation: Reconciliation) {
            let (summary, buckets) = (reconciliation.summary, reconciliation.summary.buckets)
            (runID, environment, devices) = (summary.run.id, summary.run.environment, buckets.total)
            counts = Counts(
                confirmed: buckets.confirmed, mismatch: buckets.mismatch, failed: buckets.failed,
                missing: buckets.missing, rejected: buckets.rejected, unexpected: summary.unexpected,
                duplicate: summary.duplicate)
            returned = Returned(
                name: summary.returned.name, sha256: summary.returned.sha256, rows: summary.returned.rows)
            (report, page) = (reconciliation.reportPath, reconciliation.pagePath)
            auditHead = summary.auditHead
        }
    }
}
