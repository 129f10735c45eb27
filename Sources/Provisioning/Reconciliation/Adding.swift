import Facility
import PaymentCrypto

/// How a return adds up with those before it.
struct Adding {
    /// This return.
    let record: ReturnRecord
    /// Those before it, the earliest first.
    let earlier: [ReturnRecord]
    /// Nil where the site's ledger does not have the run.
    let known: KnownReturns?
    /// Whether the site has to keep it: not what it knows already.
    let isNew: Bool
    let words: FailureWords
    let notices: [Diagnostic]

    /// Joins what came back before to what came back now.
    init(
        _ returned: ReturnPass.Product, _ words: FailureWords, to devices: RunDevices, of run: FinishedRun,
        in site: Site, _ options: ReconciliationOptions
    ) throws {
        known = try KnownReturns(run, in: site)
        var (record, allWords) = (ReturnRecord(returned, options), words)
        let twin = known?.hasReturn(returned.digest)
        if let twin {
            // It is in what is known, and must not count twice.
            devices.removeReturns()
            record = twin
        }
        try known?.load(into: devices, &allWords)
        earlier = (known?.returns ?? []).filter { $0 != twin }
        (self.record, self.words, isNew) = (record, allWords, twin == nil)
        notices =
            if known == nil {
                [
                    Diagnostic(
                        severity: .warning,
                        message:
                            "the site's ledger does not have run \(run.record.runId): only the audit log keeps this",
                        hint: "returns do not add up; use the site that made the run")
                ]
            } else if let twin {
                [
                    Diagnostic(
                        file: options.returned, severity: .notice,
                        message: "was reconciled on \(twin.time) already, and counts once")
                ]
            } else {
                []
            }
    }
}
