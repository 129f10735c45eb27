import Facility
import Glibc
import PaymentCrypto

/// Goes through the report and the outputs of a run, in parallel columns.
struct VerificationPass {
    let options: VerifyOptions
    let folder: RunFolder
    let record: RunRecord
    let plan: RunPlan
    let keys: RunKeys
    let carriers: CarrierRules?
    let interruption: Interruption
    let progress: @Sendable (RunProgress) -> Void

    static let reportName = "check-values.csv"

    private final class Worker {
        let rows: RowExaminer
        let keys: KeyExaminer

        init(rows: RowExaminer, keys: KeyExaminer) {
            (self.rows, self.keys) = (rows, keys)
        }
    }

    /// The files that are read side by side.
    private struct Inputs {
        let report: LineReader
        /// Nil where it cannot be read, for the layouts that have a table.
        let sums: SumsFile?
        /// `keyblocks.csv` or `.jsonl`, for the layouts that have it.
        let table: LineReader?
        let devices: DevicesFolder?
        let rejected: RejectedTable?
    }

    /// Looks at everything but the files that only have a digest.
    func run(_ report: inout VerifyReport) throws -> FileFindings {
        var findings = FileFindings()
        findings.needed = FileFindings.always + [record.layout.fileName].compactMap(\.self)
        guard let inputs = try open(&report) else {
            return try SumsPass(folder: folder, interruption: interruption).run(&report, needed: findings.needed)
        }
        findings.hasDevices = inputs.devices != nil && record.layout == .files
        let before = report.diagnostics.errorCount
        try pair(inputs, &report, &findings)
        try finish(inputs, &report, &findings)
        compareCounts(&report)
        // Anything odd about a row may hide its line.
        if report.diagnostics.errorCount == before {
            RecordFacts(record, in: folder).compareRows(report.lineCount, &report)
        }
        return findings
    }

    // MARK: Files

    /// Nil where one of them cannot be read, so that nothing can be paired; the sums tell which.
    private func open(_ report: inout VerifyReport) throws -> Inputs? {
        guard let rows = try reader(Self.reportName) else { return nil }
        let sums = try reader(SumsFile.name).map { list in
            SumsFile(list, ending: record.layout == .files ? plan.transport.fileEnding : "")
        }
        let table = try record.layout.fileName.flatMap(reader)
        guard (record.layout == .files ? sums != nil : table != nil) else { return nil }
        if sums == nil { report.tell(folder.path(of: SumsFile.name), Self.oddity(of: SumsFile.name, in: folder)) }
        let devices = record.layout == .files ? DevicesFolder(folder) : nil
        let rejected = try reader(RejectedTable.name).map { try RejectedTable($0) }
        for (reader, head) in [(rows, ReportFields.head), (table, String("\(record.layout.head)".dropLast()))] {
            guard let reader, !head.isEmpty, try !Self.begins(reader, with: head) else { continue }
            report.diagnostics.add(Diagnostic(file: reader.path, line: 1, message: "expected the header row '\(head)'"))
        }
        return Inputs(report: rows, sums: sums, table: table, devices: devices, rejected: rejected)
    }

    static func oddity(of name: String, in folder: RunFolder) -> String {
        switch folder.open(name) {
        case .failure(let oddity): return oddity.description
        case .success(let file):
            close(file.descriptor)
            return "cannot be read"
        }
    }

    private func reader(_ name: String) throws -> LineReader? {
        guard case .success(let file) = folder.open(name) else { return nil }
        return try LineReader(file, path: folder.path(of: name))
    }

    private static func begins(_ reader: LineReader, with head: String) throws -> Bool {
        let line = ByteBuffer(capacity: 256)
        return try reader.next(into: line) != nil && String(decoding: line.characters, as: UTF8.self) == head
    }

    // MARK: Rows

    private func pair(_ inputs: Inputs, _ report: inout VerifyReport, _ findings: inout FileFindings) throws {
        let table = inputs.table.map { TableOutputs($0, layout: record.layout) }
        guard let outputs: any OutputSource = table ?? inputs.sums else { return }
        let pairing = RowPairing(report: inputs.report, outputs: outputs)
        let workers = try makeWorkers(inputs)
        let capacity = plan.transport == .tr31 ? options.chunkCapacity : RunTransport.devicesAtOnce
        let chunks = (0..<workers.count + 4).map { _ in VerificationChunk(capacity: capacity) }
        let tally = Tally(report)
        try Pipeline(chunks: chunks, workers: workers).run(
            read: { chunk in
                if interruption.isRequested { throw VerificationError.interrupted }
                return try pairing.fill(chunk)
            },
            work: { worker, chunk in
                try worker.rows.examine(chunk)
                try worker.keys.examine(chunk)
            },
            deliver: { chunk in
                try inputs.rejected?.compare(with: chunk.rejected.characters)
                tally.add(chunk, inputs.report.path)
                progress(.verifying(done: tally.report.counts.issued, of: record.counts.issued))
            })
        report = tally.report
        findings.exposedCount += tally.exposedCount
    }

    /// What the delivering stage adds up.
    private final class Tally {
        var report: VerifyReport
        var exposedCount = 0
        private var lastLine = 0

        init(_ report: VerifyReport) {
            self.report = report
        }

        func add(_ chunk: VerificationChunk, _ path: String) {
            if chunk.firstLine > 0, chunk.firstLine < lastLine {
                report.diagnostics.add(
                    Diagnostic(
                        file: path, line: chunk.rows.first?.report.number, column: "line",
                        message: "expected \(lastLine) or more, found \(chunk.firstLine)"))
            }
            // A quantity row may go on in the next chunk.
            report.lineCount += chunk.lineCount - (chunk.lineCount > 0 && chunk.firstLine == lastLine ? 1 : 0)
            lastLine = max(lastLine, chunk.lastLine)
            report.counts.issued += chunk.issuedCount
            report.counts.rejected += chunk.rejectedCount
            report.verifiedCount += chunk.verifiedCount
            report.derivedCount += chunk.derivedCount
            exposedCount += chunk.exposedFileCount
            for difference in chunk.differences { report.diagnostics.add(difference) }
        }
    }

    private func makeWorkers(_ inputs: Inputs) throws -> [Worker] {
        let outputPath = record.layout == .files ? folder.path(of: "devices") : inputs.table?.path ?? ""
        let rows = RowExaminer.Rules(
            layout: record.layout, transport: plan.transport, keys: keys, reportPath: inputs.report.path,
            outputPath: outputPath)
        let rules = KeyExaminer.Rules(
            rows: rows, headers: plan.headers, tdesEngine: plan.tdesEngine, carriers: carriers)
        return try (0..<max(1, options.jobs)).map { _ in
            let files = try inputs.devices.map {
                try DeviceMaterials(folder: $0.descriptor, path: $0.path, isKeyBlock: plan.transport == .tr31)
            }
            return Worker(rows: RowExaminer(rows, files: files), keys: KeyExaminer(rules))
        }
    }

    // MARK: The end

    private func finish(_ inputs: Inputs, _ report: inout VerifyReport, _ findings: inout FileFindings) throws {
        if let sums = inputs.sums {
            if record.layout != .files { try drain(sums, &report) }
            try findings.take(sums, &report)
            if record.layout == .files { try findings.tellStrangers(in: inputs.devices, sums, folder, &report) }
        }
        findings.digests[Self.reportName] = try inputs.report.finish()
        if let table = inputs.table, let name = record.layout.fileName { findings.digests[name] = try table.finish() }
        if let rejected = inputs.rejected {
            findings.digests[RejectedTable.name] = try rejected.finish()
            for difference in rejected.differences { report.diagnostics.add(difference) }
        } else if report.counts.rejected > 0 {
            findings.needed.append(RejectedTable.name)
        }
    }

    /// A layout with a table has no device files.
    private func drain(_ sums: SumsFile, _ report: inout VerifyReport) throws {
        let line = ByteBuffer(capacity: 256)
        while let place = try sums.next(into: line) {
            report.diagnostics.add(
                Diagnostic(
                    file: sums.path, line: place.number,
                    message: "expected no device files in layout \(record.layout.rawValue)"))
            line.removeAll()
        }
    }

    private func compareCounts(_ report: inout VerifyReport) {
        report.counts.devices = report.counts.issued + report.counts.rejected
        let (expected, found, path) = (record.counts, report.counts, folder.path(of: Self.reportName))
        for (name, expected, found) in [
            ("issued", expected.issued, found.issued), ("rejected", expected.rejected, found.rejected),
        ] where expected != found {
            report.tell(path, "expected \(expected) \(name) rows as in run.json, found \(found)")
        }
    }
}
