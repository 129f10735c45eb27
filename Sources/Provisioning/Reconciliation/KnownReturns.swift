import Facility
import PaymentCrypto

/// What the site knows of a run, and of the returns that were held against it before.
struct KnownReturns {
    private let ledger: Ledger
    private let site: Site
    private let run: LedgerRun
    private let reader: ReturnsReader?
    /// Those that count, the earliest first.
    let returns: [ReturnRecord]

    /// Nil where the site's ledger does not have the run, or not to its end: it may have been made elsewhere.
    init?(_ finished: FinishedRun, in site: Site) throws {
        guard let identifier = RunIdentifier(finished.record.runId), let ledger = try Ledger.open(site),
            let run = try ledger.find(identifier), let completion = run.completion
        else { return nil }
        if let sums = completion.sums, sums != finished.sums {
            throw ReconciliationError.notAsIssued(path: "\(finished.path)/SHA256SUMS", run: finished.record.runId)
        }
        (self.ledger, self.site, self.run) = (ledger, site, run)
        reader = try run.lastResults.map { try ReturnsReader(identifier, $0, in: site) }
        returns = reader?.returns ?? []
    }

    /// Whether this very file was held against the run before.
    func hasReturn(_ digest: SHA256Digest?) -> ReturnRecord? {
        returns.first { $0.sha256 == digest?.description }
    }

    /// Adds what came back of each device before to what is known of it now.
    func load(into devices: RunDevices, _ words: inout FailureWords) throws {
        var isWhole = true
        try reader?.forEach { entry throws(FacilityError) in
            guard let device = devices.find(entry.device, slot: entry.slot),
                var earlier = ReturnState(entry)
            else {
                isWhole = false
                return
            }
            if earlier.hasFailed { earlier.words = words.index(of: String(decoding: entry.words, as: UTF8.self)) }
            devices[device] = earlier.followed(by: devices[device])
        }
        guard isWhole else {
            throw FacilityError.damaged(
                file: "\(site.path)/runs", reason: "what came back of run \(run.identifier) does not fit the run")
        }
    }

    /// A file for what is known of each device from now on.
    func makeWriter(adding record: ReturnRecord) throws -> ReturnsWriter {
        try ReturnsWriter(run.identifier, returns + [record], in: site)
    }

    /// Makes it what the ledger knows of the run.
    func record(_ reconciliation: LedgerRun.Reconciliation, _ writer: ReturnsWriter) throws {
        try ledger.reconcile(run.identifier, reconciliation, after: run.reconciliations.count)
        writer.keep(replacing: run.lastResults)
    }
}
