@testable import Provisioning

/// The format once more, as plainly as possible and without libcsv: one byte after the other.
struct ReferenceReader {
    private enum State {
        case fieldStart, plain, quoted, afterQuote, afterQuoteAndReturn
    }

    private var records: [SeenRecord] = []
    private var record = SeenRecord(line: 0)
    private var field: [UInt8] = []
    private var state = State.fieldStart
    private var byteCount = 0
    private var hasStrayReturn = false

    static func records(_ bytes: [UInt8], limit: Int) -> [SeenRecord] {
        var reader = ReferenceReader()
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        let endsInLine = lines.last?.isEmpty == false
        if !endsInLine { lines.removeLast() }
        for (index, line) in lines.enumerated() {
            let isOpen = endsInLine && index == lines.count - 1
            guard reader.read(line, number: index + 1, hasLineFeed: !isOpen, limit: limit) else {
                return reader.records
            }
        }
        if reader.record.line > 0 { reader.finish(.quoteNotClosed) }
        return reader.records
    }

    /// Reads one line without its line feed; false where reading ends.
    private mutating func read(_ line: [UInt8], number: Int, hasLineFeed: Bool, limit: Int) -> Bool {
        let endsInReturn = hasLineFeed && line.last == 0x0D
        let content = endsInReturn ? Array(line.dropLast()) : line
        if record.line == 0 {
            if content.isEmpty { return true }
            record.line = number
        }
        guard byteCount + content.count <= limit else {
            finish(overlong(Array(content.prefix(max(0, limit - byteCount) + 1))))
            return false
        }
        byteCount += line.count + 1
        for byte in content {
            if let fault = take(byte, isFirstLine: record.line == number) {
                finish(fault)
                return true
            }
        }
        if state == .quoted {
            field += endsInReturn ? [0x0D, 0x0A] : [0x0A]
        } else {
            record.fields.append(field)
            finish(hasStrayReturn ? .carriageReturn : nil)
        }
        return true
    }

    private func overlong(_ content: [UInt8]) -> RecordFault {
        var isQuoted = state == .quoted
        var hasReturn = hasStrayReturn
        for byte in content {
            if byte == 0x22 { isQuoted.toggle() }
            if byte == 0x0D, !isQuoted { hasReturn = true }
        }
        return isQuoted ? .quoteNotClosed : hasReturn ? .carriageReturnInLongRecord : .recordTooLong
    }

    private mutating func take(_ byte: UInt8, isFirstLine: Bool) -> RecordFault? {
        if byte == 0x0D, state != .quoted {
            hasStrayReturn = true
            if state == .afterQuote { state = .afterQuoteAndReturn }
            return nil
        }
        switch (state, byte) {
        case (.fieldStart, 0x22): state = .quoted
        case (.fieldStart, 0x2C), (.plain, 0x2C), (.afterQuote, 0x2C), (.afterQuoteAndReturn, 0x2C):
            record.fields.append(field)
            field = []
            state = .fieldStart
        case (.plain, 0x22), (.afterQuoteAndReturn, 0x22): return isFirstLine ? .bareQuote : .textAfterQuoteOnLaterLine
        case (.fieldStart, _), (.plain, _):
            field.append(byte)
            state = .plain
        case (.quoted, 0x22): state = .afterQuote
        case (.quoted, _): field.append(byte)
        case (.afterQuote, 0x22):
            field.append(byte)
            state = .quoted
        case (.afterQuote, _), (.afterQuoteAndReturn, _):
            return isFirstLine ? .textAfterQuote : .textAfterQuoteOnLaterLine
        }
        return nil
    }

    private mutating func finish(_ fault: RecordFault?) {
        record.fault = fault
        if fault != nil { record.fields = [] }
        records.append(record)
        record = SeenRecord(line: 0)
        field = []
        state = .fieldStart
        byteCount = 0
        hasStrayReturn = false
    }
}
