public import Facility
import PaymentCrypto

extension ReconciliationRun {
    /// Adds to an event of the audit log which run it is about.
    public func describe(in event: inout AuditEvent) {
        event.add(fact: "run_id", run.record.runId)
        event.add(fact: "manifest_sha256", run.record.manifest.sha256)
        event.add(fact: "output_sha256", run.sums.description)
    }
}

extension Reconciliation {
    /// Adds to an event of the audit log what came back, and what it came to.
    public func describe(in event: inout AuditEvent) {
        let (buckets, returned) = (summary.buckets, summary.returned)
        event.add(fact: "returned_sha256", returned.sha256)
        event.add(fact: "report_sha256", summary.reportSHA256)
        event.add(fact: "environment", summary.run.environment)
        let counts = [
            ("devices", buckets.total), ("confirmed", buckets.confirmed), ("mismatch", buckets.mismatch),
            ("failed", buckets.failed), ("missing", buckets.missing), ("rejected", buckets.rejected),
            ("unexpected", summary.unexpected), ("duplicate", summary.duplicate), ("rows", returned.rows),
        ]
        for (name, count) in counts { event.add(fact: name, "\(count)") }
    }
}
