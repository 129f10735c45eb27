import Facility
import PaymentCrypto

/// What the site keeps of a run outside its folder: a line of the audit log, and the ledger.
///
/// Whoever remakes `SHA256SUMS` for changed files does not reach them: nobody without the master key writes the log's lines,
/// and the log has the ledger's head.
struct RunWitnesses {
    private let record: RunRecord
    private let logged: SHA256Digest?
    private let ledger: LedgerRun?

    init(_ record: RunRecord, of site: borrowing UnlockedSite) throws {
        self.record = record
        logged = try site.outputDigest(ofRun: record.runId)
        ledger = try RunIdentifier(record.runId).flatMap { try Ledger.open(site.site)?.find($0) }
    }

    /// Whether the site knows the run.
    var hasRun: Bool { logged != nil || ledger != nil }

    /// - Parameter sums: of the folder's `SHA256SUMS`; nil where there is none, which was told.
    func compare(_ sums: SHA256Digest?, _ folder: RunFolder, _ report: inout VerifyReport) {
        tellAbsence(&report)
        if let sums { compareSums(sums, folder.path(of: SumsFile.name), &report) }
        guard let ledger else { return }
        RecordFacts(record, in: folder).compare(with: ledger.start, &report)
        if ledger.state != .issued { tellState(of: ledger, folder, &report) }
        if let completion = ledger.completion {
            compareCounts(completion, folder.path(of: VerifyRun.recordName), &report)
        }
    }

    private func tellAbsence(_ report: inout VerifyReport) {
        let run = TextExcerpt.plainOrQuoted(record.runId)
        switch (logged, ledger) {
        case (nil, nil): report.notice("neither the audit log nor the ledger of this site has run \(run)")
        case (nil, _): report.notice("the audit log of this site does not have run \(run)")
        case (_, nil): report.notice("the ledger of this site does not have run \(run)")
        default: break
        }
    }

    private func compareSums(_ sums: SHA256Digest, _ path: String, _ report: inout VerifyReport) {
        let known = ledger?.completion?.sums
        func compare(_ expected: SHA256Digest?, as witness: String) {
            guard let expected, expected != sums else { return }
            report.tell(path, "expected SHA-256 \(expected), as \(witness) it for this run, found \(sums)")
        }
        if logged == known { return compare(known, as: "audit log and ledger have") }
        compare(logged, as: "the audit log has")
        compare(known, as: "the ledger has")
    }

    /// Voiding an issued run retires its numbers, and changes nothing of its folder.
    private func tellState(of run: LedgerRun, _ folder: RunFolder, _ report: inout VerifyReport) {
        guard run.state == .retired else {
            return report.tell(
                folder.path, "expected a run that the ledger has as issued, found it as \(run.state.rawValue)")
        }
        let voiding = run.voiding.map { " since \($0.time): \(TextExcerpt.plainOrQuoted($0.reason))" } ?? ""
        report.notice("run \(run.identifier) is retired\(voiding)")
    }

    private func compareCounts(
        _ completion: LedgerRun.Completion, _ path: String, _ report: inout VerifyReport
    ) {
        let counts = record.counts
        guard (counts.issued, counts.rejected) != (completion.issued, completion.rejected) else { return }
        report.tell(
            path,
            "counts: expected \(completion.issued) issued and \(completion.rejected) rejected, as the ledger has them, found"
                + " \(counts.issued) and \(counts.rejected)")
    }
}

extension Ledger {
    /// A run; nil where the ledger does not have it.
    func find(_ run: RunIdentifier) throws -> LedgerRun? {
        do { return try self.run(run) } catch FacilityError.ledger(.runMissing) { return nil }
    }
}
