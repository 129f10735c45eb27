/// What the reader itself finds wrong with a record, before any cell is looked at.
enum RecordFault: UInt8, Sendable {
    /// A carriage return outside quotes that no line feed follows.
    case carriageReturn
    /// A quote in a field that does not begin with one.
    case bareQuote
    /// Something after a closing quote that neither ends the field nor the record.
    case textAfterQuote
    /// The same in a record that has run over a line end, so that it may have swallowed records.
    case textAfterQuoteOnLaterLine
    /// The file ends, or the record's limit is reached, inside quotes.
    case quoteNotClosed
    /// The record is longer than the limit.
    case recordTooLong
    /// The same where carriage returns stand in for line ends.
    case carriageReturnInLongRecord
    /// More devices than the limit.
    case tooManyDevices
    /// More physical lines than the limit.
    case tooManyLines

    /// Whether the next record's place is uncertain, so that even `--keep-going` must not provision the rest.
    var spoilsTheFile: Bool {
        switch self {
        case .carriageReturn, .bareQuote, .textAfterQuote: false
        case .textAfterQuoteOnLaterLine, .quoteNotClosed, .recordTooLong, .carriageReturnInLongRecord, .tooManyDevices,
            .tooManyLines:
            true
        }
    }

    /// Whether nothing after it is read; after the others reading goes on, so that further faults are found too.
    var endsReading: Bool { spoilsTheFile && self != .textAfterQuoteOnLaterLine }

    /// Lower case, expected and found; `line` is where it was noticed.
    func message(line: Int, limits: ManifestLimits) -> String {
        switch self {
        case .carriageReturn, .carriageReturnInLongRecord: "carriage return without a line feed"
        case .bareQuote: "quote inside a field that does not begin with one"
        case .textAfterQuote: "text after a closing quote, expected a comma or the end of the line"
        case .textAfterQuoteOnLaterLine:
            "text after the closing quote on line \(line), expected a comma or the end of the line"
        case .quoteNotClosed: "quote is not closed"
        case .recordTooLong: "record is longer than \(limits.recordByteCount) bytes"
        case .tooManyDevices: "more than \(limits.deviceCount) devices"
        case .tooManyLines: "more than \(limits.lineCount) lines"
        }
    }

    /// What to do about it.
    var hint: String? {
        switch self {
        case .carriageReturn, .carriageReturnInLongRecord: "lines end in LF or CRLF"
        case .bareQuote: "a field that holds a quote is quoted as a whole, and the quote in it is doubled"
        case .textAfterQuoteOnLaterLine: "a quote on an earlier line of the record may be one too many"
        case .quoteNotClosed: "the quote may be one too many; reading ended here"
        case .recordTooLong, .tooManyDevices, .tooManyLines: "reading ended here"
        case .textAfterQuote: nil
        }
    }
}
