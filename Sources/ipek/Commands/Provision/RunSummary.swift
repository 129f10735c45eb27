import Facility
import Provisioning

/// Tells people what a run has made and which files to open.
struct RunSummary {
    private let record: RunRecord
    private let output: String
    /// What goes on paper, so that a cut in the audit log shows.
    private let auditHead: AuditHead?

    init(_ record: RunRecord, output: String, auditHead: AuditHead?) {
        self.record = record
        self.output = output
        self.auditHead = auditHead
    }

    func tell(_ console: Console) throws {
        let counts = record.counts
        if record.environment == "test" { console.notice("TEST run \(record.runId), on a test site") }
        console.notice(
            "issued \(CheckSummary.count(counts.issued, "initial key")), rejected \(CheckSummary.count(counts.rejected, "row"))"
        )
        for key in record.bdk { console.notice("  BDK   \(key.name)  \(key.algorithm)  KCV \(key.kcv)") }
        for key in record.kbpk { console.notice("  KBPK  \(key.name)  \(key.algorithm)  KCV \(key.kcv)") }
        if let kdh = record.kdh { console.notice("  KDH   \(kdh.name)  \(kdh.algorithm)  \(kdh.certificateSubject)") }
        if let receivers = record.receivers, !receivers.revocationChecked {
            console.notice("nobody looked for certificates that were revoked (--no-crl)")
        }
        console.notice("files to open in \(output):")
        for line in files { console.notice("  \(line)") }
        if let auditHead { console.notice("audit head \(auditHead)") }
        if console.json { try console.write(try record.json()) }
    }

    private var material: String {
        switch record.transport {
        case "tr34": "TR-34 token"
        case "rsa-oaep": "cryptogram"
        default: "key block"
        }
    }

    private var files: [String] {
        let keyBlocks =
            switch record.layout {
            case .files: "devices/          a \(material) per device"
            case .csv: "keyblocks.csv     the \(material)s"
            case .jsonl: "keyblocks.jsonl   the \(material)s"
            }
        let rejected =
            record.counts.rejected > 0 ? ["rejected.csv      the rows that were refused, with the reason"] : []
        return [
            keyBlocks, "report.html       the run for people: counts, ranges, every device",
            "check-values.csv  the check-value report",
        ] + rejected
            + ["run.json          the record of the run", "SHA256SUMS        for sha256sum -c"]
    }
}
