import Facility
import PaymentCrypto

/// A `DIR.incomplete` in which everything is on disk, as the ledger knows; only its name is missing.
struct FinishedFolder {
    let run: RunIdentifier
    let record: RunRecord
    /// The SHA-256 of `SHA256SUMS`, which stands for every file.
    let sums: String

    /// Refuses a folder that is not the one which the ledger has.
    init(_ folder: OutputFolder, _ site: Site) throws {
        record = try Self.record(in: folder)
        let found = try ContentDigest.sha256(Self.bytes(of: SumsFile.name, in: folder))
        sums = Hexadecimal.text(found).lowercased()
        guard let run = RunIdentifier(record.runId), let ledger = try Ledger.open(site),
            try ledger.state(of: run) == .issued,
            try ledger.run(run).completion?.sums?.description == sums
        else {
            throw ResumeError.damaged(
                path: folder.path(of: SumsFile.name), reason: "the ledger has no finished run of these files")
        }
        self.run = run
    }

    /// Refuses a folder with a file that is changed, missing or not the run's: nobody else looks at it before it is named.
    func check(_ folder: OutputFolder, _ interruption: Interruption) throws {
        // A copy of standard input that a process was killed over before it could take its name away.
        try folder.removeFile("manifest")
        var report = VerifyReport(limit: 1)
        let files = try RunFolder(folder.incompletePath)
        var findings = try SumsPass(folder: files, interruption: interruption).run(&report)
        findings.tolerated = [ProgressJournal.fileName]
        try findings.finish(in: files, &report)
        guard let first = report.diagnostics.kept.first(where: { $0.severity == .error }) else { return }
        throw ResumeError.damaged(path: first.file ?? folder.incompletePath, reason: first.message)
    }

    private static func record(in folder: OutputFolder) throws -> RunRecord {
        let name = VerifyRun.recordName
        guard let record = RunRecord(json: try bytes(of: name, in: folder)) else {
            throw ResumeError.damaged(path: folder.path(of: name), reason: "the file is no record of a run")
        }
        return record
    }

    private static func bytes(of name: String, in folder: OutputFolder) throws -> [UInt8] {
        let lines = try CommittedLines(name, in: folder)
        var bytes: [UInt8] = []
        while case let more = try lines.take(1 << 20), !more.isEmpty { bytes += more }
        return bytes
    }
}
