/// Turns a CSV of ours into the lines that a page's script reads, in one pass over bytes as they come.
///
/// Fields have a tab between them, in the order of the columns of the CSV; a backslash stands before what could end a
/// field, a line or the script element.
struct RowTranscriber {
    private let isWanted: [Bool]
    private let firstField: Int
    private let limit: Int
    private let leftOut: (field: Int, value: [UInt8])?
    private var field = 0
    /// The record so far, and where its present field begins.
    private let record = ByteBuffer(capacity: 1 << 10)
    private var fieldStart = 0
    private var isLeftOut = false
    private var (isQuoted, isInQuotes) = (false, false)
    private var isInHeader = true
    /// Rows that were taken.
    private(set) var rowCount = 0

    /// - Parameters:
    ///   - sources: the places of the fields that are taken.
    ///   - limit: the most rows to take.
    ///   - leftOut: rows with this value in this field, one of those that are taken, are not.
    init(sources: [Int], limit: Int = .max, leavingOut leftOut: (field: Int, value: String)? = nil) {
        self.leftOut = leftOut.map { ($0.field, Array($0.value.utf8)) }
        isWanted = (0...(sources.max() ?? 0)).map { sources.contains($0) }
        firstField = sources.min() ?? 0
        self.limit = limit
    }

    /// Takes the next bytes of the file; false once there are enough rows.
    mutating func take(_ bytes: UnsafeRawBufferPointer, into text: ByteBuffer) -> Bool {
        for byte in bytes {
            guard rowCount < limit else { return false }
            switch byte {
            case UInt8(ascii: "\""):
                // The second one of two stands for itself.
                if !isInQuotes, isQuoted { write(byte) }
                (isQuoted, isInQuotes) = (true, !isInQuotes)
            case UInt8(ascii: ",") where !isInQuotes: endField()
            case UInt8(ascii: "\n") where !isInQuotes: endRecord(into: text)
            default: write(byte)
            }
        }
        return true
    }

    private var isTaken: Bool { !isInHeader && field < isWanted.count && isWanted[field] }

    private func write(_ byte: UInt8) {
        guard isTaken else { return }
        switch byte {
        case UInt8(ascii: "\\"): record.append("\\\\")
        case UInt8(ascii: "<"): record.append("\\l")
        case UInt8(ascii: "\t"): record.append("\\t")
        case UInt8(ascii: "\n"): record.append("\\n")
        case UInt8(ascii: "\r"): record.append("\\r")
        // Neither may stand in a page.
        case 0..<0x20, 0x7F: record.append(UInt8(ascii: "?"))
        default: record.append(byte)
        }
    }

    private mutating func endField() {
        judge()
        field += 1
        isQuoted = false
        if isTaken, field > firstField { record.append(UInt8(ascii: "\t")) }
        fieldStart = record.count
    }

    private mutating func judge() {
        guard let leftOut, leftOut.field == field else { return }
        isLeftOut = record.characters[fieldStart...].elementsEqual(leftOut.value)
    }

    private mutating func endRecord(into text: ByteBuffer) {
        judge()
        if !isInHeader, !isLeftOut {
            text.append(record.characters)
            text.append(UInt8(ascii: "\n"))
            rowCount += 1
        }
        record.removeAll()
        (field, fieldStart, isQuoted, isInHeader, isLeftOut) = (0, 0, false, false, false)
    }
}
