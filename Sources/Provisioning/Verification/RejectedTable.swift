import PaymentCrypto

/// Goes through `rejected.csv` beside the report: as many rows, with the same lines and reasons, in the same order.
///
/// One owner: the stage that delivers.
final class RejectedTable {
    private let reader: LineReader
    private let record = ByteBuffer(capacity: 1 << 12)
    private var fields: [FieldSplitter.Field] = []
    private let columnCount: Int
    private(set) var differences: [Diagnostic] = []

    static let name = "rejected.csv"
    /// A record of a manifest with every character in it doubled, and its reason.
    private static let mostBytes = 1 << 18

    /// Reads the header row.
    init(_ reader: LineReader) throws {
        self.reader = reader
        columnCount = try Self.readHeader(reader, record)
        fields = Array(repeating: FieldSplitter.Field(start: nil, count: 0), count: max(2, columnCount))
        if columnCount < 3 { tell("expected a header row that ends in line,reason", 1) }
    }

    private static func readHeader(_ reader: LineReader, _ record: ByteBuffer) throws -> Int {
        guard let place = try readRecord(reader, record) else { return 0 }
        var fields = Array(repeating: FieldSplitter.Field(start: nil, count: 0), count: 4_096)
        return fields.withUnsafeMutableBufferPointer { fields in
            guard let count = FieldSplitter.split(Self.text(record), into: fields), count <= fields.count, count > 2,
                fields[count - 2].isEqual(to: "line"), fields[count - 1].isEqual(to: "reason"), place.number == 1
            else { return 0 }
            return count
        }
    }

    /// Compares what a chunk of the report has refused: line and reason by turns, each with a line end.
    func compare(with rejected: UnsafeBufferPointer<UInt8>) throws {
        guard columnCount > 2 else { return }
        let end = UInt8(ascii: "\n")
        var rest = rejected[...]
        while let lineEnd = rest.firstIndex(of: end), let reasonEnd = rest[(lineEnd + 1)...].firstIndex(of: end) {
            try compare(
                line: UnsafeBufferPointer(rebasing: rest[..<lineEnd]),
                reason: UnsafeBufferPointer(rebasing: rest[(lineEnd + 1)..<reasonEnd]))
            rest = rest[(reasonEnd + 1)...]
        }
    }

    private func compare(line: UnsafeBufferPointer<UInt8>, reason: UnsafeBufferPointer<UInt8>) throws {
        guard let place = try Self.readRecord(reader, record) else {
            return tell("the row for line \(TextExcerpt(line)) of the manifest is missing", nil)
        }
        let message = fields.withUnsafeMutableBufferPointer { fields -> String? in
            guard FieldSplitter.split(Self.text(record), into: fields) == columnCount else {
                return "expected \(columnCount) fields"
            }
            guard fields[columnCount - 2].isEqual(to: line) else {
                return
                    "expected line \(TextExcerpt(line)) as in the report, found \(TextExcerpt(fields[columnCount - 2]))"
            }
            return fields[columnCount - 1].isEqual(to: reason) ? nil : "expected the reason that the report has"
        }
        if let message { tell(message, place.number) }
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
