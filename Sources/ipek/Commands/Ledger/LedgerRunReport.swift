import Facility
import PaymentCrypto

/// A run of the ledger as it is shown.
struct LedgerRunReport: Encodable {
    let runID: String
    let kind: String
    let state: String
    let started: String
    let ended: String?
    let operators: [String]
    let note: String?
    let again: String?
    let manifest: LedgerRun.Manifest?
    let keys: [LedgerRun.Key]
    let output: String?
    let outputSHA256: String?
    let devices: Int
    let issued: Int
    let rejected: Int
    let numbers: [Numbers]
    let voided: Voiding?
    let reconciliations: [Reconciliation]

    /// The serial numbers under one base derivation key.
    struct Numbers: Encodable {
        let fingerprint: String
        let count: Int
        let reissued: Int
        /// The first ranges; nil where they were not asked for.
        var ranges: [String]?
        /// How many more there are.
        var omittedRanges: Int?

        enum CodingKeys: String, CodingKey {
            case fingerprint, count, reissued, ranges
            case omittedRanges = "omitted_ranges"
        }
    }

    struct Voiding: Encodable {
        let time: String
        let reason: String
        let operators: [String]

        var text: String {
            let names = operators.isEmpty ? "" : " by \(operators.joined(separator: ", "))"
            return "\(time)\(names): \(reason)"
        }
    }

    /// What a return from the injection line came to, together with all before it.
    struct Reconciliation: Encodable {
        let time: String
        let returned: LedgerRun.Manifest
        let counts: LedgerRun.Reconciliation.Counts
        let operators: [String]
        let reports: [String]

        init(_ reconciliation: LedgerRun.Reconciliation) {
            (time, returned, counts) = (reconciliation.time, reconciliation.returned, reconciliation.counts)
            (operators, reports) = (reconciliation.operators.map(\.description), reconciliation.reports)
        }
    }

    enum CodingKeys: String, CodingKey {
        case kind, state, started, ended, operators, note, again, manifest, keys, output, devices, issued, rejected,
            numbers, voided, reconciliations
        case runID = "run_id"
        case outputSHA256 = "output_sha256"
    }

    init(_ run: LedgerRun) {
        let (start, end) = (run.start, run.completion)
        runID = run.identifier.description
        (kind, state, started, ended) = (start.kind.rawValue, run.state.rawValue, start.started, end?.ended)
        operators = start.operators.map(\.description)
        (note, again, manifest, keys) = (start.note, start.again, start.manifest, start.keys)
        (output, outputSHA256) = (end?.output ?? start.output, end?.sums?.description)
        (devices, issued, rejected) = (start.devices, end?.issued ?? 0, end?.rejected ?? start.rejected)
        numbers = run.numbers.map {
            Numbers(fingerprint: $0.baseKey.description, count: $0.count, reissued: $0.reissued)
        }
        voided = run.voiding.map {
            Voiding(time: $0.time, reason: $0.reason, operators: $0.operators.map(\.description))
        }
        reconciliations = run.reconciliations.map { Reconciliation($0) }
    }

    static let heading = ["RUN", "KIND", "STATE", "STARTED", "DEVICES", "ISSUED", "BDK", "OPERATORS"]

    /// The cells of a row under the heading.
    var listRow: [String] {
        [
            runID, kind, state, started, "\(devices)", "\(issued)",
            keys.filter { $0.role == .baseDerivation }.map(\.name).joined(separator: ","),
            ShownText.withoutControls(operators.joined(separator: ", ")),
        ]
    }

    /// A line for each fact.
    ///
    /// The file may have been edited, and notes are anybody's: nothing of it reaches a terminal as it is.
    func text(with numbers: [Numbers]) -> String {
        let bases = keys.filter { $0.role == .baseDerivation }
        func name(_ fingerprint: String) -> String {
            bases.first { $0.fingerprint?.description == fingerprint }?.name ?? fingerprint
        }
        var facts: [(String, String?)] = [
            ("run", runID), ("kind", kind), ("state", state), ("started", started), ("ended", ended),
            ("operators", operators.isEmpty ? nil : operators.joined(separator: ", ")), ("note", note),
            ("issued again", again), ("manifest", manifest.map { "\($0.name), SHA-256 \($0.sha256)" }),
        ]
        facts += keys.map {
            ($0.role == .baseDerivation ? "BDK" : "KBPK", "\($0.name)  \($0.algorithm)  KCV \($0.kcv)")
        }
        facts += [
            ("output", output), ("SHA256SUMS", outputSHA256), ("devices", "\(devices)"), ("issued", "\(issued)"),
            ("rejected", "\(rejected)"),
        ]
        for entry in numbers {
            let again = entry.reissued > 0 ? ", \(entry.reissued) of them issued again" : ""
            facts.append(("numbers", "\(entry.count) under \(name(entry.fingerprint))\(again)"))
            facts += (entry.ranges ?? []).map { ("", $0) }
            if let more = entry.omittedRanges { facts.append(("", "and \(more) more ranges")) }
        }
        if let voided { facts.append(("voided", voided.text)) }
        facts += reconciliations.map { ("reconciled", Self.words($0)) }
        return Columns.facts(
            facts.compactMap { name, value in value.map { (name, ShownText.withoutControls($0)) } })
    }

    private static func words(_ reconciliation: Reconciliation) -> String {
        let counts = reconciliation.counts
        return "\(reconciliation.time), \(reconciliation.returned.name): \(counts.confirmed) confirmed,"
            + " \(counts.mismatch) mismatch, \(counts.failed) failed, \(counts.missing) missing,"
            + " \(counts.rejected) rejected, \(counts.unexpected) unexpected, \(counts.duplicate) duplicate"
    }
}

extension LedgerRunReport.Numbers {
    /// How many ranges are shown of a key.
    private static let limit = 100

    /// The numbers of a run with their ranges, as many as are shown.
    static func all(of run: LedgerRun, in ledger: Ledger) throws -> [LedgerRunReport.Numbers] {
        var ranges: [KeyFingerprint: (shown: [String], count: Int)] = [:]
        try ledger.forEachRange(of: run.identifier) { range in
            var found = ranges[range.baseKey] ?? ([], 0)
            found.count += 1
            if found.shown.count < limit { found.shown.append(range.range.description) }
            ranges[range.baseKey] = found
        }
        return run.numbers.map { entry in
            let found = ranges[entry.baseKey] ?? ([], 0)
            return .init(
                fingerprint: entry.baseKey.description, count: entry.count, reissued: entry.reissued,
                ranges: found.shown, omittedRanges: found.count > limit ? found.count - limit : nil)
        }
    }
}
