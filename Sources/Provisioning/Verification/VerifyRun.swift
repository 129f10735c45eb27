public import Facility
import Glibc
import PaymentCrypto

/// A finished run looked at again: every file, every output, and every key as far as the site can derive it.
public struct VerifyRun: Sendable {
    private let options: VerifyOptions
    private let folder: RunFolder
    private let interruption: Interruption
    private let record: RunRecord?
    private let recordFault: String?

    /// Opens the folder and reads what the run says of itself.
    ///
    /// - Throws: `VerificationError` for what is no finished run.
    public init(_ options: VerifyOptions, interruption: Interruption) throws {
        self.options = options
        self.interruption = interruption
        folder = try RunFolder(options.folder)
        guard !folder.path.hasSuffix(".incomplete") else { throw VerificationError.unfinished(path: folder.path) }
        switch (folder.open(Self.recordName), folder.open(SumsFile.name)) {
        case (.failure(.missing), .failure(.missing)):
            throw VerificationError.noRun(path: folder.path, reason: "one without SHA256SUMS and run.json")
        case (let opened, let sums):
            if case .success(let file) = sums { close(file.descriptor) }
            (record, recordFault) = try Self.read(opened, folder)
        }
    }

    static let recordName = "run.json"
    private static let mostRecordBytes = 16 << 20

    private static func read(
        _ opened: Result<OpenFile, FileOddity>, _ folder: RunFolder
    ) throws -> (RunRecord?, fault: String?) {
        // What is wrong with the file itself, the sums tell.
        guard case .success(let file) = opened else { return (nil, nil) }
        guard file.byteCount <= mostRecordBytes else {
            close(file.descriptor)
            return (nil, "expected the record of a run, found \(file.byteCount) bytes")
        }
        let text = try FileDigest(file, path: folder.path(of: recordName)).contents()
        guard let record = RunRecord(json: text) else { return (nil, "expected the record of a run") }
        guard try record.json().utf8.elementsEqual(text) else {
            return (record, "is not in the form in which this version writes it")
        }
        return (record, nil)
    }

    /// Refuses a run whose wrapping keys are not there, before anybody is asked for a passphrase.
    public func check(in keyring: Keyring) throws {
        guard let record else { return }
        do throws(VerificationError) { _ = try RunKeyPlan(record, in: keyring) } catch {
            if try isRecordAsListed() { throw error }
        }
    }

    /// Whether `run.json` is what `SHA256SUMS` says it is; asked where it names keys that nobody has.
    private func isRecordAsListed() throws -> Bool {
        guard case .success(let file) = folder.open(SumsFile.name) else { return true }
        let sums = SumsFile(try LineReader(file, path: folder.path(of: SumsFile.name)), ending: "")
        let line = ByteBuffer(capacity: 256)
        while try sums.next(into: line) != nil { line.removeAll() }
        guard let listed = sums.files.first(where: { $0.name == Self.recordName }),
            case .success(let opened) = folder.open(Self.recordName)
        else { return true }
        return try FileDigest(opened, path: folder.path(of: Self.recordName)).digest() == listed.digest
    }

    /// What the record comes to; nil where it is altered so that it comes to nothing.
    private func plan(_ record: RunRecord, in keyring: Keyring, _ report: inout VerifyReport) throws -> RunPlan? {
        do { return try RunPlan(record, in: keyring, &report, folder) } catch let error as VerificationError {
            if try isRecordAsListed() { throw error }
            report.tell(folder.path(of: Self.recordName), error.description)
            return nil
        }
    }

    /// Looks at everything.
    ///
    /// - Parameters:
    ///   - site: opened by its custodians; asked for the keys that the run names and no others.
    ///   - tokens: opens those of them that stay in a token.
    ///   - progress: told after each chunk.
    public func run(
        in site: borrowing UnlockedSite, tokens: any TokenKeys, progress: @escaping @Sendable (RunProgress) -> Void
    ) throws -> VerifyReport {
        var report = VerifyReport(limit: options.showsAllDifferences ? nil : DiagnosticList.defaultLimit)
        if let record { RecordFacts(record, in: folder).compareForm(&report) }
        if let recordFault { report.tell(folder.path(of: Self.recordName), recordFault) }
        let files: FileFindings
        let keyring = try site.keyring()
        var hasKeys = false
        if let record, let plan = try plan(record, in: keyring, &report) {
            (report.runID, report.environment, report.transport) = (record.runId, record.environment, record.transport)
            hasKeys = plan.keys.hasKeys
            RecordFacts(record, in: folder).compareNames(plan.keys, in: keyring, &report)
            let keys = try RunKeys(plan.keys, from: site, tokens: tokens)
            let carriers = CarrierRules(record, plan, keyring)
            for notice in keys.notices + [carriers?.notice].compactMap(\.self) { report.notice(notice) }
            report.keys = record.bdk + record.kbpk
            files = try VerificationPass(
                options: options, folder: folder, record: record, plan: plan, keys: keys, carriers: carriers,
                interruption: interruption, progress: progress
            ).run(&report)
        } else {
            report.notice("without a run.json that can be read, only the files' digests are compared")
            files = try SumsPass(folder: folder, interruption: interruption).run(&report)
        }
        report.sums = files.sums
        if let record {
            let witnesses = try RunWitnesses(record, of: site)
            witnesses.compare(files.sums, folder, &report)
            if witnesses.hasRun || hasKeys {
                RecordFacts(record, in: folder).compareEnvironment(site.site.environment, &report)
            }
        }
        try files.finish(in: folder, &report)
        report.compareOutputs(in: folder.path)
        return report
    }
}

extension VerifyReport {
    /// Adds a difference of a file as a whole.
    mutating func tell(_ file: String, _ message: String) { diagnostics.add(Diagnostic(file: file, message: message)) }

    mutating func notice(_ message: String) { diagnostics.add(Diagnostic(severity: .notice, message: message)) }
}
