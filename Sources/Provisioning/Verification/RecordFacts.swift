import Facility
import PaymentCrypto

/// What `run.json` alone says of a run, held against whatever else can tell.
struct RecordFacts {
    private let record: RunRecord
    private let path: String

    init(_ record: RunRecord, in folder: RunFolder) {
        (self.record, path) = (record, folder.path(of: VerifyRun.recordName))
    }

    /// What no run writes.
    func compareForm(_ report: inout VerifyReport) {
        let manifest = record.manifest
        if SHA256Digest(manifest.sha256)?.description != manifest.sha256 {
            report.tell(path, "manifest: expected a SHA-256 of 64 digits, found \(manifest.sha256.utf8.count) bytes")
        }
    }

    /// Each row of a manifest is a line of its own in the report, or several with one number.
    ///
    /// - Parameter lineCount: how many numbers of lines the report has.
    func compareRows(_ lineCount: Int, _ report: inout VerifyReport) {
        guard record.manifest.rows != lineCount else { return }
        report.tell(
            path,
            "manifest: expected \(lineCount) rows, as many as the report has lines of, found"
                + " \(record.manifest.rows)")
    }

    /// A run belongs to its site's environment: to this one's where the site knows the run, or has a key of it.
    func compareEnvironment(_ environment: SiteEnvironment, _ report: inout VerifyReport) {
        guard record.environment != environment.rawValue else { return }
        report.tell(
            path,
            "environment: expected \(environment.rawValue), as this site is, found \(TextExcerpt(record.environment))")
    }

    /// A name stands for one key as long as that is in the keyring: what had it before the run began, the run used.
    ///
    /// A retired key and one that came later tell nothing; nor does a key that the site has under the check value.
    func compareNames(_ plan: RunKeyPlan, in keyring: Keyring, _ report: inout VerifyReport) {
        for base in plan.baseKeys where base.entry == nil {
            let namesake = keyring.entries.first { entry in
                entry.name.description == base.key.name && entry.annotations.retirement == nil
                    && entry.created <= record.started
            }
            guard let namesake else { continue }
            report.tell(
                path,
                "bdk: expected check value \(namesake.checkValue), as '\(namesake.name)' has it since before the run"
                    + " began, found \(TextExcerpt.plainOrQuoted(base.key.kcv))")
        }
    }

    /// What the ledger was told when the numbers were taken; a run that was taken up may name further operators.
    func compare(with start: LedgerRun.Start, _ report: inout VerifyReport) {
        func compare(_ member: String, _ isSame: Bool) {
            guard !isSame else { return }
            report.tell(path, "\(member): expected what the ledger has of this run, found something else")
        }
        compare("started", start.started == record.started)
        compare("manifest", start.manifest.map { $0.sha256.description == record.manifest.sha256 } ?? false)
        compare("bdk", Self.names(start.keys, .baseDerivation) == Self.names(record.bdk))
        compare("kbpk", Self.names(start.keys, .protection) == Self.names(record.kbpk))
        compare("operators", Set(start.operators.map(\.description)).isSubset(of: record.operators))
        compare("note", start.note == record.note)
        compare("again", start.again == record.again)
    }

    private static func names(_ keys: [LedgerRun.Key], _ role: LedgerRun.Key.Role) -> Set<[String]> {
        Set(keys.filter { $0.role == role }.map { [$0.name, $0.kcv] })
    }

    private static func names(_ keys: [RunRecord.Key]) -> Set<[String]> { Set(keys.map { [$0.name, $0.kcv] }) }
}
