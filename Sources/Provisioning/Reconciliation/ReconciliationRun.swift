public import Facility
import PaymentCrypto

/// How a return is to be held against a run.
public struct ReconciliationOptions: Sendable {
    /// The run's folder.
    public var folder: String
    /// What messages call the return: the path as given, or `-`.
    public var returned: String
    /// Columns that have other names.
    public var mappings: [ColumnMapping<ReturnColumn>] = []
    /// Whether every fault is printed, or the first hundred.
    public var showsAllFaults = false
    /// Who does it.
    public var operators: [String] = []
    /// The version of the program, for the record.
    public var toolVersion: String

    /// Options for one return of a run.
    public init(folder: String, returned: String, toolVersion: String) {
        self.folder = folder
        self.returned = returned
        self.toolVersion = toolVersion
    }
}

/// Check values that came back from the injection line, held against those that a run has issued.
///
/// See PCI PIN v3.1, requirement 30-3: every device of a production run is accounted for.
public struct ReconciliationRun {
    private let options: ReconciliationOptions
    private let interruption: Interruption
    let run: FinishedRun

    /// What holding a return against a run comes to.
    public enum Outcome {
        /// The return has faults; nothing was written.
        case badReturn(DiagnosticList)
        /// The reports are on disk, but have no names yet.
        case compared(Reconciliation)
    }

    /// Opens the run's folder and checks what it says of itself.
    public init(_ options: ReconciliationOptions, interruption: Interruption) throws {
        self.options = options
        self.interruption = interruption
        run = try FinishedRun(options.folder)
    }

    /// Reads the return, and writes the report.
    ///
    /// - Parameters:
    ///   - descriptor: the return, read from where it stands, once.
    ///   - site: opened by its custodians; asked for the keys of the run only to tell the cause of a difference.
    ///   - progress: told after each chunk.
    public func compare(
        returned descriptor: Int32, in site: borrowing UnlockedSite,
        progress: @escaping (ReconciliationProgress) -> Void
    ) throws -> Outcome {
        let hold = try holdRun()
        let devices = try readDevices(progress)
        let files = try ReconciliationFiles(besides: run.path, hold)
        let unexpected = try UnexpectedRows(in: files.folder, path: "\(files.stem).csv")
        let pass = ReturnPass(
            devices, name: options.returned, words: FailureWords(), unexpected: unexpected,
            limit: options.showsAllFaults ? nil : DiagnosticList.defaultLimit)
        let (returned, words): (ReturnPass.Product, FailureWords)
        do {
            (returned, words) = try pass.run(
                descriptor, mappings: options.mappings, interruption: interruption,
                progress: { progress(.returned(rows: $0)) })
        } catch let error as ManifestReadError {
            throw ReconciliationError.readingFailed(path: options.returned, error)
        }
        guard returned.diagnostics.errorCount == 0 else { return .badReturn(returned.diagnostics) }
        let adding = try Adding(returned, words, to: devices, of: run, in: site.site, options)
        let reporting = Reporting(
            run: run, devices: devices, adding: adding, files: files, unexpected: unexpected,
            interruption: interruption, progress: { progress(.reporting(done: $0, of: devices.count)) })
        let written = try reporting.write(in: site)
        let summary = ReconciliationSummary(
            run, options, adding, unexpected: returned.unexpected, written.tally, reportName: files.reportName,
            reportSHA256: written.digest)
        let kept = written.results.flatMap { writer in adding.known.map { ($0, writer) } }
        return .compared(
            try Reconciliation(summary, returned.diagnostics.kept + adding.notices, files, kept))
    }

    private func holdRun() throws(ReconciliationError) -> FileHold? {
        do { return try FileHold(run.path) } catch { throw .inUse(path: run.path) }
    }

    private func readDevices(_ progress: (ReconciliationProgress) -> Void) throws -> RunDevices {
        let report = try ReportReader(try run.openReport(), path: run.reportPath)
        let devices = try RunDevices(capacity: run.record.counts.devices)
        var issued = 0
        while let row = try report.next() {
            guard devices.append(row) else {
                throw ReconciliationError.bad(
                    path: run.reportPath, line: nil,
                    reason: "expected \(devices.capacity) devices, each once, found others")
            }
            if row.issue != nil { issued += 1 }
            guard devices.count.isMultiple(of: 4_096) else { continue }
            if interruption.isRequested { throw ProvisioningError.interrupted }
            progress(.reading(devices: devices.count))
        }
        try run.check(try report.digest())
        guard devices.count == devices.capacity, issued == run.record.counts.issued else {
            throw ReconciliationError.bad(
                path: run.reportPath, line: nil,
                reason: "expected \(run.record.counts.issued) issued devices of \(devices.capacity), found \(issued) of"
                    + " \(devices.count)")
        }
        return devices
    }
}

/// How far a reconciliation is.
public enum ReconciliationProgress: Sendable {
    /// The run's report: devices read.
    case reading(devices: Int)
    /// The return: rows read.
    case returned(rows: Int)
    /// The report of the reconciliation: devices written, of how many.
    case reporting(done: Int, of: Int)
}
