/// Turns a CSV of ours into the lines that a page's script reads, in one pass over bytes as they come.
///
/// Fields have a tab between them, in the order of the columns of the CSV; a backslash stands before what could end a
/// field, a line or the script element.
struct RowTranscriber {
    private let isWanted: [Bool]
    private let firstField: Int
    private let limit: Int
    private var field = 0
    private var (isQuoted, isInQuotes) = (false, false)
    private var isInHeader = true
    /// Records that are behind, without the header.
    private(set) var rowCount = 0

    /// - Parameters:
    ///   - sources: the places of the fields that are taken.
    ///   - limit: the most rows to take.
    init(sources: [Int], limit: Int = .max) {
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
                if !isInQuotes, isQuoted { write(byte, into: text) }
                (isQuoted, isInQuotes) = (true, !isInQuotes)
            case UInt8(ascii: ",") where !isInQuotes: endField(into: text)
            case UInt8(ascii: "\n") where !isInQuotes: endRecord(into: text)
            default: write(byte, into: text)
            }
        }
        return true
    }

    private var isTaken: Bool { !isInHeader && field < isWanted.count && isWanted[field] }

    private func write(_ byte: UInt8, into text: ByteBuffer) {
        guard isTaken else { return }
        switch byte {
        case UInt8(ascii: "\\"): text.append("\\\\")
        case UInt8(ascii: "<"): text.append("\\l")
        case UInt8(ascii: "\t"): text.append("\\t")
        case UInt8(ascii: "\n"): text.append("\\n")
        case UInt8(ascii: "\r"): text.append("\\r")
        // Neither may stand in a page.
        case 0..<0x20, 0x7F: text.append(UInt8(ascii: "?"))
        default: text.append(byte)
        }
    }

    private mutating func endField(into text: ByteBuffer) {
        field += 1
        isQuoted = false
        if isTaken, field > firstField { text.append(UInt8(ascii: "\t")) }
    }

    private mutating func endRecord(into text: ByteBuffer) {
        if !isInHeader {
            text.append(UInt8(ascii: "\n"))
            rowCount += 1
        }
        (field, isQuoted, isInHeader) = (0, false, false)
    }
}
