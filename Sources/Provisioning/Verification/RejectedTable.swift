import PaymentCrypto

/// Goes through `rejected.csv` beside the report: as many rows, with the same lines, devices and reasons, in the same order.
///
/// One owner: the stage that delivers.
final class RejectedTable {
    private let reader: LineReader
    private let record = ByteBuffer(capacity: 1 << 12)
    private var fields: [FieldSplitter.Field] = []
    private let columnCount: Int
    /// Where the columns of ``names`` are.
    private let positions: [Int?]
    private(set) var differences: [Diagnostic] = []

    static let name = "rejected.csv"
    /// A record of a manifest with every character in it doubled, and its reason.
    private static let mostBytes = 1 << 18

    /// What the report's row of a refused record says, in the order in which chunks have it.
    private struct Expected {
        var line = FieldSplitter.Field(start: nil, count: 0)
        /// One for each of ``names``.
        var cells: [FieldSplitter.Field] = []
        var reason = FieldSplitter.Field(start: nil, count: 0)
    }

    /// Columns of a manifest that the report has too.
    private static let names: [StaticString] = ["device_id", "ksn", "model", "slot"]

    /// Reads the header row.
    init(_ reader: LineReader) throws {
        self.reader = reader
        (columnCount, positions) = try Self.readHeader(reader, record)
        fields = Array(repeating: FieldSplitter.Field(start: nil, count: 0), count: max(2, columnCount))
        if columnCount < 3 { tell("expected a header row that ends in line,reason", 1) }
    }

    private static func readHeader(
        _ reader: LineReader, _ record: ByteBuffer
    ) throws -> (count: Int, positions: [Int?]) {
        guard let place = try readRecord(reader, record) else { return (0, []) }
        var fields = Array(repeating: FieldSplitter.Field(start: nil, count: 0), count: 4_096)
        return fields.withUnsafeMutableBufferPointer { fields in
            guard let count = FieldSplitter.split(Self.text(record), into: fields), count <= fields.count, count > 2,
                fields[count - 2].isEqual(to: "line"), fields[count - 1].isEqual(to: "reason"), place.number == 1
            else { return (0, []) }
            return (count, names.map { name in fields[..<(count - 2)].firstIndex { $0.isEqual(to: name) } })
        }
    }

    /// Compares what a chunk of the report has refused: its cells one after the other, each with a line end.
    func compare(with rejected: UnsafeBufferPointer<UInt8>) throws {
        guard columnCount > 2 else { return }
        var rest = rejected[...]
        while let line = Self.takeCell(&rest) {
            var expected = Expected(line: line)
            for _ in Self.names { expected.cells.append(Self.takeCell(&rest) ?? expected.reason) }
            expected.reason = Self.takeCell(&rest) ?? expected.reason
            try compare(expected)
        }
    }

    private static func takeCell(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> FieldSplitter.Field? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return FieldSplitter.Field(rebasing: rest[..<end])
    }

    private func compare(_ expected: Expected) throws {
        guard let place = try Self.readRecord(reader, record) else {
            return tell("the row for line \(TextExcerpt(expected.line)) of the manifest is missing", nil)
        }
        let message = fields.withUnsafeMutableBufferPointer { fields -> String? in
            guard FieldSplitter.split(Self.text(record), into: fields) == columnCount else {
                return "expected \(columnCount) fields"
            }
            let (line, reason) = (fields[columnCount - 2], fields[columnCount - 1])
            guard line.isEqual(to: expected.line) else {
                return "expected line \(TextExcerpt(expected.line)) as in the report, found \(TextExcerpt(line))"
            }
            guard reason.isEqual(to: expected.reason) else { return "expected the reason that the report has" }
            return difference(from: expected, UnsafeBufferPointer(rebasing: fields[..<(columnCount - 2)]))
        }
        if let message { tell(message, place.number) }
    }

    /// The first of the record's own cells that the report shows in another way.
    ///
    /// The user may have mapped another column to this name, and nothing in the folder says so: then the report's cell is
    /// elsewhere in the record.
    private func difference(from expected: Expected, _ fields: UnsafeBufferPointer<FieldSplitter.Field>) -> String? {
        for (index, name) in Self.names.enumerated() {
            guard let position = positions[index] else { continue }
            let cell = String(decoding: expected.cells[index], as: UTF8.self)
            if Self.shown(fields[position]) == cell || fields.contains(where: { Self.shown($0) == cell }) { continue }
            return "\(name): expected \(TextExcerpt(expected.cells[index])) as in the report, found"
                + " \(TextExcerpt(fields[position]))"
        }
        return nil
    }

    /// As the report shows a cell of a manifest.
    private static func shown(_ field: FieldSplitter.Field) -> String {
        ReportText.harmless(ReportText.readable(field))
    }

    /// Whatever the report does not have, and the digest of the whole file.
    func finish() throws -> SHA256Digest {
        if columnCount > 2, let place = try Self.readRecord(reader, record) {
            tell("more rows than the report has rejected", place.number)
        }
        return try reader.finish()
    }

    private func tell(_ message: String, _ line: Int?) {
        guard differences.count < DiagnosticList.defaultLimit else { return }
        differences.append(Diagnostic(file: reader.path, line: line, message: message))
    }

    /// A record is as many lines as it takes to close its quotes.
    private static func readRecord(_ reader: LineReader, _ record: ByteBuffer) throws -> LineReader.Place? {
        record.removeAll()
        guard let first = try reader.next(into: record) else { return nil }
        while record.characters.count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 1, record.count < mostBytes {
            record.append(UInt8(ascii: "\n"))
            if try reader.next(into: record) == nil { break }
        }
        return first
    }

    private static func text(_ record: ByteBuffer) -> UnsafeMutableBufferPointer<UInt8> {
        // The buffer is this reader's own, and the fields are looked at before it is written again.
        UnsafeMutableBufferPointer(
            start: record.characters.baseAddress.map { UnsafeMutablePointer(mutating: $0) }, count: record.count)
    }
}
