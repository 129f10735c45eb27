/// The end of the log: its last whole line, and what a crash may have left after it.
struct AuditTail {
    /// The last line that has an end, without it; nil where there is none.
    var line: [UInt8]?
    /// What follows the last line end.
    var torn: [UInt8]

    private static let firstWindow = 8 << 10

    /// Reads as little of the log's end as shows its last whole line; nil where a line is longer than any of ours.
    init?(of log: borrowing AuditLog) throws(FileFailure) {
        let end = try log.byteCount()
        var window = Self.firstWindow
        while true {
            let start = max(0, end - window)
            let bytes = try log.bytes(from: start, to: end)
            if let (line, torn) = Self.split(bytes, isWhole: start == 0) {
                (self.line, self.torn) = (line, torn)
                return
            }
            guard window < 2 * AuditLog.maximumLineLength else { return nil }
            window *= 2
        }
    }

    /// Nil where more has to be read.
    private static func split(_ bytes: [UInt8], isWhole: Bool) -> (line: [UInt8]?, torn: [UInt8])? {
        let lineEnd = UInt8(ascii: "\n")
        guard let last = bytes.lastIndex(of: lineEnd) else { return isWhole ? (nil, bytes) : nil }
        let before = bytes[..<last].lastIndex(of: lineEnd)
        guard before != nil || isWhole else { return nil }
        return (Array(bytes[(before.map { $0 + 1 } ?? 0)..<last]), Array(bytes[(last + 1)...]))
    }
}
