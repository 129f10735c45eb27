import Facility
import PaymentCrypto

/// Looks at the rows of a chunk: the report's cells by themselves, then the output beside them.
///
/// What it leaves in the chunk are the devices whose keys are worth a look. One owner: a worker.
final class RowExaminer {
    /// What is the same for all rows.
    struct Rules: Sendable {
        let layout: Layout
        let transport: KeyTransport
        let keys: RunKeys
        let reportPath: String
        let outputPath: String
        var isKeyBlock: Bool { transport == .tr31 }
    }

    private let rules: Rules
    private let files: DeviceMaterials?
    private let reportFields: UnsafeMutableBufferPointer<UnsafeBufferPointer<UInt8>>
    private let outputFields: UnsafeMutableBufferPointer<UnsafeBufferPointer<UInt8>>
    private let report: ReportFields
    private let output: OutputFields
    private let text = ByteBuffer(capacity: 64)

    init(_ rules: Rules, files: DeviceMaterials?) {
        (self.rules, self.files) = (rules, files)
        let none = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        reportFields = .allocate(capacity: ReportFields.names.count)
        reportFields.initialize(repeating: none)
        outputFields = .allocate(capacity: OutputFields.names.count)
        outputFields.initialize(repeating: none)
        report = ReportFields(reportFields)
        output = OutputFields(outputFields)
    }

    deinit {
        reportFields.deallocate()
        outputFields.deallocate()
    }

    /// Looks at every row of a chunk.
    func examine(_ chunk: VerificationChunk) throws {
        if rules.layout == .files { try readFiles(chunk) }
        for row in chunk.rows.indices { examine(row, of: chunk) }
    }

    /// Files first, so that what is in them does not move any more.
    private func readFiles(_ chunk: VerificationChunk) throws {
        for row in chunk.rows.indices {
            guard let files, let place = chunk.rows[row].output else { continue }
            let line = UnsafeBufferPointer(chunk.text(place, of: chunk.output))
            switch try files.read(line, into: chunk.materials) {
            case .read(let offset, let count, let isExposed):
                chunk.rows[row].output = LineReader.Place(offset: offset, count: count, number: place.number)
                if isExposed { chunk.exposedFileCount += 1 }
            case .differs(let difference):
                chunk.differences.append(difference)
                chunk.rows[row].output = nil
            }
        }
        try readSurplus(chunk)
    }

    /// Those of no row: all that can be said of them is whether they were changed.
    private func readSurplus(_ chunk: VerificationChunk) throws {
        for place in chunk.surplus {
            let line = UnsafeBufferPointer(chunk.text(place, of: chunk.output))
            if case .differs(let difference)? = try files?.read(line, into: chunk.materials) {
                chunk.differences.append(difference)
            }
        }
    }

    private func examine(_ row: Int, of chunk: VerificationChunk) {
        let place = chunk.rows[row].report
        func tell(_ column: String?, _ message: String) {
            chunk.differences.append(
                Diagnostic(file: rules.reportPath, line: place.number, column: column, message: message))
        }
        let line = chunk.text(place, of: chunk.report)
        guard let count = FieldSplitter.split(line, into: reportFields), count == reportFields.count else {
            return tell(nil, "expected \(reportFields.count) fields")
        }
        let isRejected = report.status.isEqual(to: "rejected")
        guard isRejected || report.status.isEqual(to: "issued") else {
            return tell("status", "expected issued or rejected, found \(TextExcerpt(report.status))")
        }
        if isRejected {
            if let message = takeRejected(chunk) { tell("line", message) }
            return
        }
        chunk.issuedCount += 1
        if let fault = report.cellFault { return tell(fault.column, fault.message) }
        if let message = takeLine(chunk) { return tell("line", message) }
        switch device(row, of: chunk) {
        case .failure(let fault): tell(fault.column, fault.message)
        case .success(let device): take(device, chunk.rows[row].output, chunk)
        }
    }

    private func takeRejected(_ chunk: VerificationChunk) -> String? {
        chunk.rejectedCount += 1
        guard report.cellFault?.column != "line" else {
            return "expected a line number, found \(TextExcerpt(report.line))"
        }
        for field in [report.line, report.device, report.keySerialNumber, report.model, report.slot, report.reason] {
            chunk.rejected.append(field)
            chunk.rejected.append(UInt8(ascii: "\n"))
        }
        return takeLine(chunk)
    }

    /// Rows are in the order of the manifest.
    private func takeLine(_ chunk: VerificationChunk) -> String? {
        let line = report.lineNumber
        guard line >= chunk.lastLine else { return "expected \(chunk.lastLine) or more, found \(line)" }
        if chunk.firstLine == 0 { chunk.firstLine = line }
        if line > chunk.lastLine { chunk.lineCount += 1 }
        chunk.lastLine = line
        return nil
    }

    private struct Fault: Error {
        let column: String
        let message: String
    }

    /// What a row of an issued key says, in the form that the keys are looked at.
    private func device(_ row: Int, of chunk: VerificationChunk) -> Result<VerificationChunk.Device, Fault> {
        guard report.reason.isEmpty else {
            return fault("reason", "expected nothing, found \(TextExcerpt(report.reason))")
        }
        guard let baseKey = rules.keys.baseKeys.firstIndex(where: { isEqual(report.baseKey, $0.name) }) else {
            return fault("bdk", "expected a BDK of run.json, found \(TextExcerpt(report.baseKey))")
        }
        let base = rules.keys.baseKeys[baseKey]
        guard isEqual(report.algorithm, base.reportName) else {
            return fault("algorithm", "expected \(base.algorithm.reportName), found \(TextExcerpt(report.algorithm))")
        }
        let protectionKey =
            rules.isKeyBlock
            ? rules.keys.protectionKeys.firstIndex { isEqual(report.protectionKey, $0.name) }
            : report.protectionKey.isEmpty ? -1 : nil
        guard let protectionKey else {
            return fault(
                "kbpk",
                "expected \(rules.isKeyBlock ? "a KBPK of run.json" : "nothing"), found \(TextExcerpt(report.protectionKey))"
            )
        }
        guard let number = serialNumber(DUKPTFamily(base.algorithm)) else {
            return fault(
                "ksn",
                "expected an initial KSN of \(InitialKeySerialNumber.digitCount(DUKPTFamily(base.algorithm)))"
                    + " upper-case digits, counter zero")
        }
        guard isEqual(report.checkValueAlgorithm, Array(base.method.reportName.utf8)) else {
            return fault(
                "kcv_algorithm", "expected \(base.method.reportName), found \(TextExcerpt(report.checkValueAlgorithm))")
        }
        guard let value = CheckValue(digits: report.checkValue, method: base.method), value.byteCount == base.byteCount
        else {
            return fault(
                "kcv", "expected \(2 * base.byteCount) upper-case digits, found \(TextExcerpt(report.checkValue))")
        }
        return .success(
            VerificationChunk.Device(
                identifier: report.device, slot: report.slot, reportLine: chunk.rows[row].report.number,
                outputLine: chunk.rows[row].output?.number, baseKey: baseKey, protectionKey: protectionKey,
                serialNumber: number, checkValue: value))
    }

    private func fault(_ column: String, _ message: String) -> Result<VerificationChunk.Device, Fault> {
        .failure(Fault(column: column, message: message))
    }

    private func isEqual(_ field: UnsafeBufferPointer<UInt8>, _ name: [UInt8]) -> Bool {
        name.withUnsafeBufferPointer { field.isEqual(to: $0) }
    }

    /// Nil for what is not written as this tool writes it.
    private func serialNumber(_ family: DUKPTFamily) -> UInt64? {
        guard report.keySerialNumber.count == InitialKeySerialNumber.digitCount(family),
            let number = try? KeySerialNumber(report.keySerialNumber, family: family)
        else { return nil }
        text.removeAll()
        text.append(number.initial)
        return text.characters.isEqual(to: report.keySerialNumber) ? number.initial.leading : nil
    }

    /// Compares the output's own cells, then keeps the device for a look at its key.
    private func take(_ given: VerificationChunk.Device, _ place: LineReader.Place?, _ chunk: VerificationChunk) {
        var device = given
        guard let place else { return }
        func tell(_ column: String?, _ message: String) {
            chunk.differences.append(rules.difference(given, column, message))
        }
        if rules.layout == .files {
            device.material = UnsafeBufferPointer(chunk.text(place, of: chunk.materials))
        } else {
            guard output.read(chunk.text(place, of: chunk.output), layout: rules.layout) else {
                return tell(
                    nil,
                    "expected a line with the members \(OutputFields.names.map { "\($0)" }.joined(separator: ", "))")
            }
            if let difference = output.difference(from: report) { return tell(difference.column, difference.message) }
            device.material = output.keyBlock
        }
        if rules.isKeyBlock {
            guard let frame = KeyBlockFrame(device.material),
                let hidesLength = frame.hidesLength(of: rules.keys.baseKeys[device.baseKey].algorithm)
            else { return tell("key_block", rules.formFault(device.material)) }
            (device.frame, device.hidesLength) = (frame, hidesLength)
        }
        chunk.devices.append(device)
    }
}

extension RowExaminer.Rules {
    /// A difference in a device's output: in the table's line, or in the device's own file.
    func difference(_ device: VerificationChunk.Device, _ column: String?, _ message: String) -> Diagnostic {
        let text = ByteBuffer(capacity: 128)
        DeviceName.append(device.identifier[...], slot: device.slot[...], to: text)
        let name = String(decoding: text.characters, as: UTF8.self)
        guard layout != .files else {
            return Diagnostic(file: "\(outputPath)/\(name)\(transport.fileEnding)", message: message)
        }
        return Diagnostic(
            file: outputPath, line: device.outputLine, column: column, message: "device '\(name)': \(message)")
    }

    /// Why a text is no key block that a run makes, in the words of whoever opens key blocks.
    fileprivate func formFault(_ text: UnsafeBufferPointer<UInt8>) -> String {
        do throws(KeyBlockError) {
            let block = try UnverifiedKeyBlock(utf8: Array(text))
            return "expected a key block as a run makes it, found one of version \(block.header.version) with"
                + " \(block.payloadByteCount) encrypted bytes"
        } catch {
            return "\(error)"
        }
    }
}
