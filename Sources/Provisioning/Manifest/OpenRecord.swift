import Glibc

/// What the reader knows of a record whose end it has not seen yet.
struct OpenRecord {
    /// The physical line on which it begins; 0 before that.
    var firstLine = 0
    /// The bytes of its lines so far, which all end inside quotes.
    var byteCount = 0
    /// Whether one of them has a carriage return outside quotes that no line feed follows.
    var hasStrayReturn = false
    /// What is wrong with it.
    var fault: RecordFault?
    /// Where that was noticed.
    var faultLine = 0

    mutating func begin(_ line: Int) {
        if firstLine == 0 { firstLine = line }
    }

    /// The same with a fault.
    func failed(_ fault: RecordFault, line: Int) -> OpenRecord {
        var copy = self
        copy.fault = fault
        copy.faultLine = line
        if copy.firstLine == 0 { copy.firstLine = line }
        return copy
    }

    /// Whether this line, or one before it, has a carriage return outside quotes that is no part of a line end.
    func hasStrayReturn(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if hasStrayReturn { return true }
        guard let start = text.baseAddress,
            let found = memchr(start, Int32(UInt8(ascii: "\r")), text.count),
            UnsafeRawPointer(found) - UnsafeRawPointer(start) != text.count - 2 || text.last != UInt8(ascii: "\n")
        else { return false }
        return returnOutsideQuotes(in: text)
    }

    /// Why the record is too long, for what the operator should look for differs.
    ///
    /// Looks no further than one byte behind the limit, so that the answer does not depend on how much was read.
    func overlongFault(_ text: UnsafeBufferPointer<UInt8>, limit: Int) -> RecordFault {
        let part = UnsafeBufferPointer(rebasing: text.prefix(max(0, limit - byteCount) + 1))
        if endsInsideQuotes(part) { return .quoteNotClosed }
        return hasStrayReturn || returnOutsideQuotes(in: part) ? .carriageReturnInLongRecord : .recordTooLong
    }

    /// Which rule a byte breaks that libcsv has refused.
    func grammarFault(_ byte: UInt8, line: Int) -> RecordFault {
        if line != firstLine { return .textAfterQuoteOnLaterLine }
        return byte == UInt8(ascii: "\"") ? .bareQuote : .textAfterQuote
    }

    // In text that the strict grammar accepts, a position is inside quotes when an odd number of quotes precedes it.

    private func returnOutsideQuotes(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        var isInside = byteCount > 0
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\"") { isInside.toggle() }
            guard byte == UInt8(ascii: "\r"), !isInside else { continue }
            if index + 1 == text.count || text[index + 1] != UInt8(ascii: "\n") { return true }
        }
        return false
    }

    private func endsInsideQuotes(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.reduce(byteCount > 0) { isInside, byte in byte == UInt8(ascii: "\"") ? !isInside : isInside }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The bytes before LF or CRLF, or all of them.
    var withoutLineEnd: UnsafeBufferPointer<UInt8> {
        guard last == UInt8(ascii: "\n") else { return self }
        let hasReturn = count > 1 && self[count - 2] == UInt8(ascii: "\r")
        return UnsafeBufferPointer(rebasing: dropLast(hasReturn ? 2 : 1))
    }
}
