import Facility
import PaymentCrypto

extension ReconciliationSummary {
    init(
        _ run: FinishedRun, _ options: ReconciliationOptions, _ adding: Adding, unexpected: Int,
        _ tally: ReconciliationTally, reportName: String, reportSHA256: String
    ) {
        let (models, slots) = (tally.models.shown, tally.slots.shown)
        self.init(
            run: Run(run), returned: Return(adding.record), earlier: adding.earlier.map { Return($0) },
            buckets: tally.buckets, unexpected: unexpected, duplicate: tally.duplicate, models: models.groups,
            otherModels: models.others, slots: slots.groups, otherSlots: slots.others, stretches: tally.stretches,
            causes: tally.causes.shown, reportName: reportName, reportRows: tally.buckets.total + unexpected,
            reportSHA256: reportSHA256, toolVersion: options.toolVersion)
    }
}

extension ReturnRecord {
    /// A return as it was just read.
    init(_ returned: ReturnPass.Product, _ options: ReconciliationOptions) {
        // The last part of a path, as a report may show it.
        var name = String(options.returned.split(separator: "/").last ?? "")
        self.init(
            name: name.withUTF8 { ReportText.cell($0) }, sha256: returned.digest?.description ?? "",
            rows: returned.rows, time: KeyBlockTime.now.recordText, operators: options.operators)
    }
}

extension ReconciliationSummary.Return {
    fileprivate init(_ record: ReturnRecord) {
        self.init(
            name: record.name, sha256: record.sha256, rows: record.rows, time: record.time,
            operators: record.operators)
    }
}

extension LedgerRun.Reconciliation.Counts {
    init(_ summary: ReconciliationSummary) {
        self.init()
        let buckets = summary.buckets
        (confirmed, mismatch, failed) = (buckets.confirmed, buckets.mismatch, buckets.failed)
        (missing, rejected) = (buckets.missing, buckets.rejected)
        (unexpected, duplicate) = (summary.unexpected, summary.duplicate)
    }
}

extension ReconciliationSummary.Run {
    fileprivate init(_ run: FinishedRun) {
        let record = run.record
        self.init(
            id: record.runId, environment: record.environment, started: record.started, ended: record.ended,
            operators: record.operators, note: record.note, manifest: record.manifest.name,
            manifestSHA256: record.manifest.sha256,
            baseKeys: record.bdk.map { .init(name: $0.name, algorithm: $0.algorithm, kcv: $0.kcv) }, folder: run.path,
            sumsSHA256: run.sums.description)
    }
}
