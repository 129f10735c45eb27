import Facility
import PaymentCrypto

/// Writes the report, twice where causes had to be looked for.
struct Reporting {
    let run: FinishedRun
    let devices: RunDevices
    let adding: Adding
    let files: ReconciliationFiles
    let unexpected: UnexpectedRows
    let interruption: Interruption
    let progress: (Int) -> Void

    struct Written {
        var tally: ReconciliationTally
        var suspects: [MismatchSuspect]
        var digest: String
        /// What the site is to keep of the devices.
        var results: ReturnsWriter?
    }

    func write(in site: borrowing UnlockedSite) throws -> Written {
        let suspects: [MismatchSuspect]
        do {
            let first = try write(causes: nil)
            guard !first.suspects.isEmpty else { return first }
            suspects = first.suspects
        }
        var search = CauseSearch(suspects)
        for key in run.record.bdk {
            guard let source = try site.baseKey(of: key) else { continue }
            try search.searchOtherMethods(under: source, named: key.name)
        }
        search.searchBaseKeys(run.record.bdk)
        try search.searchOwners(
            in: try ReportReader(try run.openReport(), path: run.reportPath), interruption: interruption)
        return try write(causes: search.found)
    }

    private func write(causes: [Int: MismatchCause]?) throws -> Written {
        let file = try files.make(".csv")
        let writer = adding.isNew ? try adding.known?.makeWriter(adding: adding.record) : nil
        let pass = ReconciliationPass(
            run: run, devices: devices, words: adding.words, causes: causes, interruption: interruption,
            progress: progress)
        let product = try pass.run(into: file, keeper: writer.map(ReturnKeeper.init))
        try unexpected.copy(to: file)
        return Written(
            tally: product.tally, suspects: product.suspects, digest: try file.finish(), results: writer)
    }
}

extension UnlockedSite {
    /// A base derivation key of a run by name and check value; nil where the keyring has it no more, or only a token.
    fileprivate func baseKey(of key: FinishedRun.Record.Key) throws -> BaseKeySource? {
        let entry = try keyring().entries.first { $0.name.description == key.name && $0.checkValue == key.kcv }
        guard let entry, entry.place == .keyring else { return nil }
        return try baseKeyForVerification(entry, tokens: NoTokens())
    }
}
