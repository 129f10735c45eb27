import Glibc
import PaymentCrypto

/// Reads `check-values.csv` row by row, strictly: only what a run writes is taken.
///
/// One owner.
final class ReportReader {
    /// One row; good until the next one is asked for.
    struct Row {
        /// The line of the manifest.
        var line: Int
        var identifier: UnsafeBufferPointer<UInt8>
        var model: UnsafeBufferPointer<UInt8>
        var slot: UnsafeBufferPointer<UInt8>
        /// As it is written; of an issued row the initial one.
        var serialNumberText: UnsafeBufferPointer<UInt8>
        var checkValueText: UnsafeBufferPointer<UInt8>
        var method: UnsafeBufferPointer<UInt8>
        var baseKey: UnsafeBufferPointer<UInt8>
        /// Nil in a rejected row.
        var issue: Issue?
        /// Why it was rejected.
        var reason: UnsafeBufferPointer<UInt8>

        /// What was issued.
        struct Issue {
            var serialNumber: InitialKeySerialNumber
            var checkValue: ReturnedCheckValue
        }
    }

    static let columns = [
        "line", "device_id", "model", "slot", "ksn", "algorithm", "kcv", "kcv_algorithm", "bdk", "kbpk", "status",
        "reason",
    ]

    private let path: String
    private let descriptor: Int32
    private let reader: ManifestReader
    private let chunk = ManifestChunk()
    private var nextRow = 0

    /// Takes the descriptor over.
    init(_ descriptor: Int32, path: String) throws {
        self.path = path
        self.descriptor = descriptor
        let reader = try ReconciliationError.converting(path) { () throws(ManifestReadError) in
            try ManifestReader(descriptor: descriptor)
        }
        self.reader = reader
        let header = try ReconciliationError.converting(path) { () throws(ManifestReadError) in
            try reader.readHeaderRow()
        }
        let names = header.map { header in
            (0..<header.rows[0].fieldCount).map { String(decoding: header.field($0, ofRow: 0), as: UTF8.self) }
        }
        guard names == Self.columns else { throw bad(1, "expected the columns of a check-value report, found others") }
    }

    deinit {
        close(descriptor)
    }

    /// The next row; nil at the end.
    func next() throws -> Row? {
        while nextRow >= chunk.rowCount {
            nextRow = 0
            let isFilled = try ReconciliationError.converting(path) { () throws(ManifestReadError) in
                try reader.fill(chunk)
            }
            guard isFilled else { return nil }
        }
        defer { nextRow += 1 }
        return try row(nextRow)
    }

    /// Of the whole file, once `next` has answered nil.
    func digest() throws(ReconciliationError) -> SHA256Digest {
        try ReconciliationError.converting(path) { () throws(ManifestReadError) in try reader.digest() }
    }

    private func row(_ row: Int) throws -> Row {
        let record = chunk.rows[row]
        guard record.fault == nil, record.fieldCount == Self.columns.count, let line = Self.number(field(0)),
            line > 0
        else { throw bad(record.line, "expected a row of \(Self.columns.count) fields, found something else") }
        func field(_ position: Int) -> UnsafeBufferPointer<UInt8> { chunk.field(position, ofRow: row) }
        var parsed = Row(
            line: line, identifier: field(1), model: field(2), slot: field(3), serialNumberText: field(4),
            checkValueText: field(6), method: field(7), baseKey: field(8), issue: nil, reason: field(11))
        switch field(10) {
        case let status where status.elementsEqual("issued".utf8): parsed.issue = try issue(parsed, record.line)
        case let status where status.elementsEqual("rejected".utf8): break
        default: throw bad(record.line, "status: expected issued or rejected, found something else")
        }
        return parsed
    }

    private func issue(_ row: Row, _ line: Int) throws -> Row.Issue {
        let family: DUKPTFamily = row.serialNumberText.count == 20 ? .tdes : .aes
        let number: KeySerialNumber
        do throws(KeySerialNumberError) {
            number = try KeySerialNumber(row.serialNumberText, family: family)
        } catch { throw bad(line, "ksn: \(error)") }
        let checkValue = ReturnedCheckValue(row.checkValueText)
        guard checkValue.isComparable, row.checkValueText.count <= ReturnedCheckValue.digitLimit else {
            throw bad(line, "kcv: expected 4 to 10 hexadecimal digits, found something else")
        }
        guard (1...DeviceIdentifierPattern.byteLimit).contains(row.identifier.count), row.slot.count <= 8 else {
            throw bad(line, "device_id: expected a device of a manifest, found something else")
        }
        return Row.Issue(serialNumber: number.initial, checkValue: checkValue)
    }

    private func bad(_ line: Int, _ reason: String) -> ReconciliationError {
        .bad(path: path, line: line, reason: reason)
    }

    private static func number(_ digits: UnsafeBufferPointer<UInt8>) -> Int? {
        guard (1...10).contains(digits.count) else { return nil }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
