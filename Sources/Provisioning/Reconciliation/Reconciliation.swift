public import Facility
import PaymentCrypto

/// A return that was held against its run; its reports are on disk, and get their names with ``finish(auditHead:)``.
public final class Reconciliation {
    /// What it came to.
    public private(set) var summary: ReconciliationSummary
    /// What is worth knowing.
    public let notices: [Diagnostic]
    private let files: ReconciliationFiles
    private let known: KnownReturns?
    private let writer: ReturnsWriter?
    private let results: LedgerRun.Reconciliation.Results?

    init(
        _ summary: ReconciliationSummary, _ notices: [Diagnostic], _ files: ReconciliationFiles,
        _ kept: (KnownReturns, ReturnsWriter)?
    ) throws {
        (self.summary, self.notices, self.files) = (summary, notices, files)
        (known, writer, results) = (kept?.0, kept?.1, try kept?.1.finish())
    }

    /// The report's path.
    public var reportPath: String { "\(files.stem).csv" }

    /// The page's path.
    public var pagePath: String { "\(files.stem).html" }

    /// Makes it part of what the site knows of the run, where the site knows the run.
    ///
    /// - Parameters:
    ///   - operators: who does it.
    ///   - auditHead: of the audit log before it has this reconciliation.
    public func record(operators: [OperatorName], auditHead: AuditHead?) throws {
        guard let known, let writer, let results,
            let digest = SHA256Digest(summary.returned.sha256)
        else { return }
        var reconciliation = LedgerRun.Reconciliation(
            returned: .init(name: summary.returned.name, sha256: digest), counts: .init(summary))
        (reconciliation.operators, reconciliation.results) = (operators, results)
        reconciliation.auditHead = auditHead
        reconciliation.reports = [summary.reportName, summary.pageName]
        try known.record(reconciliation, writer)
    }

    /// Draws the page, and gives report and page their names; those of an earlier return get a number.
    ///
    /// - Parameter auditHead: of the audit log once it has this reconciliation.
    public func finish(auditHead: AuditHead) throws {
        summary.auditHead = auditHead.description
        let page = try files.make(".html")
        try ReconciliationReport(summary: summary).write(to: page) { try files.read(".csv", $0) }
        _ = try page.finish()
        try files.finish()
    }
}
