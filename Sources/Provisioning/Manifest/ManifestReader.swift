import Glibc
import PaymentCrypto

/// Reads a manifest once, from its first byte to its last, into chunks.
///
/// Not thread-safe: one reader, one owner.
final class ManifestReader {
    private let limits: ManifestLimits
    private var lines: LineScanner
    private let parser: RecordParser
    /// Whether lines without a quote are split without libcsv, which gives the same rows in a fraction of the time.
    private let splitsPlainLines: Bool
    /// The header row, and later the quantity row whose devices did not all fit into the last chunk.
    private let carried: ManifestChunk
    private var carriedDevices: Range<Int> = 1..<1
    private var line = 0
    private var deviceCount = 0
    private var chunkCount = 0
    private var hasEnded = false
    private var columnCount = 0
    private var quantityPosition = -1

    /// Reads from where the descriptor stands; the descriptor stays the caller's.
    ///
    /// - Parameter splitsPlainLines: false only where a test wants every line to go through libcsv.
    init(
        descriptor: Int32, limits: ManifestLimits = ManifestLimits(), splitsPlainLines: Bool = true
    ) throws(ManifestReadError) {
        self.limits = limits
        lines = try LineScanner(descriptor: descriptor, limits: limits)
        carried = ManifestChunk(capacity: 1, limits: limits)
        parser = RecordParser(into: carried)
        self.splitsPlainLines = splitsPlainLines
    }

    /// The number of physical lines so far.
    var lineCount: Int { line }

    /// The digest of what was read so far; of the whole file, once `fill` has answered false and nothing ended it early.
    func digest() throws(ManifestReadError) -> SHA256Digest { try lines.digestSoFar() }

    /// Reads the header row; to be called once, before any chunk.
    func readHeader(
        mappings: [ColumnMapping<ManifestColumn>] = [], needsCertificates: Bool = false
    ) throws(ManifestReadError) -> ManifestHeader {
        guard try readRecord(into: carried) else {
            hasEnded = true
            return ManifestHeader(emptyFileOfLines: line)
        }
        let header = ManifestHeader(
            carried, mappings: mappings, needsCertificates: needsCertificates, limits: limits)
        columnCount = header.columns.count
        quantityPosition = header.positions.quantity
        if !header.faults.isEmpty { hasEnded = true }
        return header
    }

    /// Reads the header row of another kind of file, as a chunk's only row; nil where there is no record.
    ///
    /// Every later row then is one device.
    func readHeaderRow() throws(ManifestReadError) -> ManifestChunk? {
        guard try readRecord(into: carried) else {
            hasEnded = true
            return nil
        }
        columnCount = carried.rows[0].fieldCount
        if carried.rows[0].fault != nil { hasEnded = true }
        return carried
    }

    /// Puts the next rows and devices into a chunk; false when there are no more.
    func fill(_ chunk: ManifestChunk) throws(ManifestReadError) -> Bool {
        chunk.removeAll()
        chunk.index = chunkCount
        if !carriedDevices.isEmpty {
            chunk.appendRow(0, of: carried)
            expand(row: 0, of: chunk, devices: carriedDevices)
        }
        parser.redirect(to: chunk)
        while !hasEnded, chunk.hasRoom {
            if splitsPlainLines, readPlainLines(into: chunk) { continue }
            guard try readRecord(into: chunk) else {
                hasEnded = true
                break
            }
            expandLastRow(of: chunk)
        }
        chunkCount += 1
        return chunk.deviceCount > 0
    }

    /// Takes the next lines straight out of the block, as long as they are plain; false where the next one is not.
    ///
    /// Not the first line of the file, which may begin with a byte order mark.
    private func readPlainLines(into chunk: ManifestChunk) -> Bool {
        guard line > 0, line < limits.lineCount, deviceCount < limits.deviceCount else { return false }
        let room = min(chunk.capacity - max(chunk.rowCount, chunk.deviceCount), limits.deviceCount - deviceCount)
        // A quantity row may take all the room that there is.
        let most = quantityPosition < 0 ? min(room, limits.lineCount - line) : 1
        let firstRow = chunk.rowCount
        let taken = chunk.appendPlainLines(lines.unread, firstLine: line + 1, most: most, limits: limits)
        guard taken.lines > 0 else { return false }
        line += taken.lines
        lines.skip(taken.bytes)
        parser.redirect(to: chunk)
        if quantityPosition < 0 {
            deviceCount += taken.lines
            chunk.appendDevices(ofRows: firstRow..<chunk.rowCount)
        } else {
            expandLastRow(of: chunk)
        }
        return true
    }

    /// Adds the devices of the row that was read last, as many as there is room for.
    private func expandLastRow(of chunk: ManifestChunk) {
        let row = chunk.rowCount - 1
        var quantity = 1
        if quantityPosition >= 0, chunk.rows[row].fault == nil, chunk.rows[row].fieldCount == columnCount {
            // A quantity that cannot be read makes one row of one device, which the validator refuses.
            quantity = QuantityCell(chunk.field(quantityPosition, ofRow: row), limits: limits).deviceCount
        }
        if deviceCount + quantity > limits.deviceCount, chunk.rows[row].fault == nil {
            chunk.rows[row].fault = .tooManyDevices
            quantity = 1
        }
        if chunk.rows[row].fault?.endsReading == true { hasEnded = true }
        deviceCount += quantity
        expand(row: row, of: chunk, devices: 1..<quantity + 1)
    }

    private func expand(row: Int, of chunk: ManifestChunk, devices: Range<Int>) {
        let first = chunk.deviceCount
        let count = min(devices.count, chunk.capacity - first)
        for index in 0..<count {
            chunk.devices[first + index] = ManifestChunk.Device(
                row: UInt32(truncatingIfNeeded: row), ordinal: UInt32(truncatingIfNeeded: devices.lowerBound + index))
        }
        chunk.deviceCount += count
        carriedDevices = devices.dropFirst(count)
        guard !carriedDevices.isEmpty else { return }
        carried.removeAll()
        carried.appendRow(row, of: chunk)
    }

    // MARK: Records

    /// Reads the next record, however many lines it takes; false at the end of the file.
    private func readRecord(into chunk: ManifestChunk) throws(ManifestReadError) -> Bool {
        var record = OpenRecord()
        while true {
            // Two more for CRLF, and three for a byte order mark.
            let next = try lines.next(limit: limits.recordByteCount - record.byteCount + 5)
            guard line < limits.lineCount else {
                if case .end = next, record.firstLine == 0 { return false }
                return append(record.failed(.tooManyLines, line: line), to: chunk)
            }
            switch next {
            case .end:
                guard record.firstLine > 0 else { return false }
                return append(record.failed(.quoteNotClosed, line: line), to: chunk)
            case .tooLong(let text):
                line += 1
                record.begin(line)
                let fault = record.overlongFault(skippingByteOrderMark(text), limit: limits.recordByteCount)
                return append(record.failed(fault, line: line), to: chunk)
            case .line(let text):
                line += 1
                if let complete = try take(skippingByteOrderMark(text), of: &record) {
                    return append(complete, to: chunk)
                }
            }
        }
    }

    /// Adds a line to a record; answers the record when that has completed or spoilt it.
    private func take(
        _ text: UnsafeBufferPointer<UInt8>, of record: inout OpenRecord
    ) throws(ManifestReadError) -> OpenRecord? {
        let content = text.withoutLineEnd
        // Lines with nothing in them are no records.
        if record.firstLine == 0, content.isEmpty, text.last == UInt8(ascii: "\n") { return nil }
        record.begin(line)
        guard record.byteCount + content.count <= limits.recordByteCount else {
            return record.failed(record.overlongFault(content, limit: limits.recordByteCount), line: line)
        }
        let hasStrayReturn = record.hasStrayReturn(in: text)
        var outcome = try parser.feed(text, hasStrayReturn: hasStrayReturn)
        if case .open = outcome, text.last != UInt8(ascii: "\n") {
            outcome = try Self.lineFeed.withUnsafeBufferPointer { (end) throws(ManifestReadError) in
                try parser.feed(end)
            }
        }
        switch outcome {
        case .fault(let byte):
            return record.failed(record.grammarFault(byte, line: line), line: line)
        case .complete:
            return hasStrayReturn ? record.failed(.carriageReturn, line: line) : record
        case .open:
            // Without a quote it is a line of nothing but carriage returns.
            if record.byteCount == 0, !text.contains(UInt8(ascii: "\"")) {
                return record.failed(.carriageReturn, line: line)
            }
            record.byteCount += text.count
            record.hasStrayReturn = hasStrayReturn
            return nil
        }
    }

    /// Adds the row; an incomplete record's last field is lost, and the parser begins again.
    private func append(_ record: OpenRecord, to chunk: ManifestChunk) -> Bool {
        let first = chunk.fieldCount
        chunk.fieldCount = parser.fieldCount
        if record.fault != nil { parser.reset() }
        chunk.rows[chunk.rowCount] = ManifestChunk.Row(
            line: record.firstLine, firstField: first, fieldCount: chunk.fieldCount - first, fault: record.fault,
            faultLine: record.faultLine)
        chunk.rowCount += 1
        return true
    }

    private func skippingByteOrderMark(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard line == 1, text.starts(with: [0xEF, 0xBB, 0xBF]) else { return text }
        return UnsafeBufferPointer(rebasing: text.dropFirst(3))
    }

    private static let lineFeed: [UInt8] = [UInt8(ascii: "\n")]
}
