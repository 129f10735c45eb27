import PaymentCrypto

extension ReconciliationSummary {
    init(
        _ run: FinishedRun, _ options: ReconciliationOptions, _ returned: ReturnPass.Product,
        _ tally: ReconciliationTally, reportName: String, reportSHA256: String
    ) {
        let (models, slots) = (tally.models.shown, tally.slots.shown)
        self.init(
            run: Run(run),
            returned: Return(
                name: Self.fileName(options.returned), sha256: returned.digest?.description ?? "",
                rows: returned.rows, time: KeyBlockTime.now.recordText, operators: options.operators),
            earlier: [], buckets: tally.buckets, unexpected: returned.unexpected, duplicate: tally.duplicate,
            models: models.groups, otherModels: models.others, slots: slots.groups, otherSlots: slots.others,
            stretches: tally.stretches, causes: tally.causes.shown, reportName: reportName,
            reportRows: tally.buckets.total + returned.unexpected, reportSHA256: reportSHA256,
            toolVersion: options.toolVersion)
    }

    /// The last part of a path, as a report may show it.
    private static func fileName(_ path: String) -> String {
        var name = String(path.split(separator: "/").last ?? "")
        return name.withUTF8 { ReportText.cell($0) }
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
