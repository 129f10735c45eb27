import Facility
import PaymentCrypto
import Provisioning

/// Writes a reconciliation into the audit log before its reports get their names.
struct ReconciliationJournal {
    private let global: GlobalOptions
    private var event: AuditEvent

    init(_ global: GlobalOptions, _ run: ReconciliationRun) {
        self.global = global
        event = global.event("reconcile")
        run.describe(in: &event)
    }

    /// Runs `body`, and records what came of it.
    mutating func keep(
        in site: borrowing UnlockedSite, _ body: (borrowing UnlockedSite) throws -> ReconciliationRun.Outcome
    ) throws -> ReconciliationRun.Outcome {
        // What could not be recorded is not begun.
        try site.checkAuditLog()
        do {
            try site.check(operators: global.operators)
            let outcome = try body(site)
            switch outcome {
            case .badReturn(let diagnostics): try refuse(diagnostics, in: site)
            case .compared(let reconciliation):
                try reconciliation.record(operators: global.operators, auditHead: try site.auditHead())
                reconciliation.describe(in: &event)
                try reconciliation.finish(auditHead: try global.record(&event, in: site))
            }
            return outcome
        } catch let failure as UnrecordedEvent {
            throw failure
        } catch {
            try global.record(&event, failing: error, in: site)
            throw error
        }
    }

    private mutating func refuse(_ diagnostics: DiagnosticList, in site: borrowing UnlockedSite) throws {
        event.result = .refused
        event.reason = "the return has \(CheckSummary.count(diagnostics.errorCount, "fault"))"
        try global.record(&event, in: site)
    }
}
