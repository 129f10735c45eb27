import PaymentCrypto

/// Brings the rows of the report and the outputs together, chunk by chunk.
///
/// Both are in manifest order, and rejected rows have no output. Where they do not go together, a few lines ahead tell which
/// of them has one too many, so that one missing line is one difference and not thousands. One owner: the reading stage.
final class RowPairing {
    private let report: LineReader
    private let outputs: any OutputSource
    private let rowName = ByteBuffer(capacity: 128)
    private let outputName = ByteBuffer(capacity: 128)

    /// How many lines ahead are looked at.
    private static let window = 64

    init(report: LineReader, outputs: any OutputSource) {
        (self.report, self.outputs) = (report, outputs)
    }

    /// Fills a chunk; false where nothing is left.
    func fill(_ chunk: VerificationChunk) throws -> Bool {
        chunk.removeAll()
        while chunk.rows.count < chunk.capacity, let place = try report.next(into: chunk.report) {
            let line = UnsafeBufferPointer(chunk.text(place, of: chunk.report))
            let output = Self.isIssued(line) ? try output(for: line, at: place, chunk) : nil
            chunk.rows.append(VerificationChunk.Row(report: place, output: output))
        }
        if chunk.rows.count < chunk.capacity { try takeSurplus(chunk) }
        return !chunk.rows.isEmpty || !chunk.differences.isEmpty
    }

    /// Any other row ends in another way, since a reason with commas is in quotes.
    static func isIssued(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        let end: StaticString = ",issued,"
        let expected = UnsafeBufferPointer(start: end.utf8Start, count: end.utf8CodeUnitCount)
        return line.count > expected.count
            && UnsafeBufferPointer(rebasing: line[(line.count - expected.count)...]).isEqual(to: expected)
    }

    private func output(
        for row: UnsafeBufferPointer<UInt8>, at place: LineReader.Place, _ chunk: VerificationChunk
    ) throws -> LineReader.Place? {
        rowName.removeAll()
        Self.appendDevice(of: row, to: rowName)
        while let output = try outputs.next(into: chunk.output) {
            let line = UnsafeBufferPointer(chunk.text(output, of: chunk.output))
            outputName.removeAll()
            outputs.appendDevice(of: line, to: outputName)
            if rowName.characters.isEqual(to: outputName.characters) { return output }
            switch try odd(row) {
            case .output: tellSurplus(output, chunk)
            case .row:
                outputs.putBack(LineReader.Stored(bytes: Array(line), number: output.number))
                tellMissing(place, chunk)
                return nil
            case nil:
                tell(
                    "expected device \(TextExcerpt(rowName.characters)), as in line \(place.number) of the report, found"
                        + " \(TextExcerpt(outputName.characters))", at: output.number, chunk)
                return nil
            }
        }
        tellMissing(place, chunk)
        return nil
    }

    private enum Odd {
        case row
        case output
    }

    /// Which of two lines that do not go together has no partner, by the lines that follow both; nil where they do not tell.
    private func odd(_ row: UnsafeBufferPointer<UInt8>) throws -> Odd? {
        let rows =
            [name { Self.appendDevice(of: row, to: $0) }]
            + (try report.peek(Self.window)).filter { $0.bytes.withUnsafeBufferPointer(Self.isIssued) }
            .map { line in line.bytes.withUnsafeBufferPointer { bytes in name { Self.appendDevice(of: bytes, to: $0) } }
            }
        let lines =
            [Array(outputName.characters)]
            + (try outputs.peek(Self.window)).map { line in
                line.bytes.withUnsafeBufferPointer { bytes in name { outputs.appendDevice(of: bytes, to: $0) } }
            }
        var best: (row: Int, line: Int)?
        for (rowIndex, rowName) in rows.enumerated() where !rowName.isEmpty {
            guard let lineIndex = lines.firstIndex(of: rowName) else { continue }
            if rowIndex + lineIndex < best.map({ $0.row + $0.line }) ?? .max { best = (rowIndex, lineIndex) }
        }
        return best.map { $0.row == 0 ? .output : .row }
    }

    private func name(_ write: (ByteBuffer) -> Void) -> [UInt8] {
        let text = ByteBuffer(capacity: 128)
        write(text)
        return Array(text.characters)
    }

    /// Outputs behind those of the last row.
    private func takeSurplus(_ chunk: VerificationChunk) throws {
        while chunk.differences.count < chunk.capacity, let output = try outputs.next(into: chunk.output) {
            let line = UnsafeBufferPointer(chunk.text(output, of: chunk.output))
            outputName.removeAll()
            outputs.appendDevice(of: line, to: outputName)
            tellSurplus(output, chunk)
        }
    }

    private func tellSurplus(_ output: LineReader.Place, _ chunk: VerificationChunk) {
        tell(
            "device \(TextExcerpt(outputName.characters)) is not in the report, or not in this place",
            at: output.number,
            chunk)
        chunk.surplus.append(output)
    }

    private func tellMissing(_ place: LineReader.Place, _ chunk: VerificationChunk) {
        let message = "device \(TextExcerpt(rowName.characters)) is not in \(outputs.path), or not in its place"
        chunk.differences.append(Diagnostic(file: report.path, line: place.number, message: message))
    }

    private func tell(_ message: String, at line: Int, _ chunk: VerificationChunk) {
        chunk.differences.append(Diagnostic(file: outputs.path, line: line, message: message))
    }

    /// The second field and the fourth of a row; a model between them may be in quotes.
    private static func appendDevice(of row: UnsafeBufferPointer<UInt8>, to text: ByteBuffer) {
        let comma = UInt8(ascii: ",")
        guard let first = row.firstIndex(of: comma), let second = row[(first + 1)...].firstIndex(of: comma) else {
            return
        }
        var (position, isQuoted) = (second + 1, false)
        while position < row.count, isQuoted || row[position] != comma {
            if row[position] == UInt8(ascii: "\"") { isQuoted.toggle() }
            position += 1
        }
        guard position < row.count else { return }
        let slot = row[(position + 1)...]
        let end = slot.firstIndex(of: comma) ?? row.endIndex
        DeviceName.append(row[(first + 1)..<second], slot: row[(position + 1)..<end], to: text)
    }
}
