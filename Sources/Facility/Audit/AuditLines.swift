/// The lines of the log, one after the other, as the file was when this began; in little memory.
struct AuditLines: ~Copyable {
    private let log: AuditLog
    private var end: Int
    private var offset = 0
    /// What was read and not given out yet.
    private var buffer: ArraySlice<UInt8> = []

    private static let pieceByteCount = 1 << 20

    /// A line without its end.
    struct Line {
        var bytes: ArraySlice<UInt8>
        /// Whether there was a line end; the last line of a log that was cut short has none.
        var isEnded: Bool
    }

    /// Others may append meanwhile; what they append is not seen.
    init(_ log: consuming AuditLog) throws(FileFailure) {
        end = try log.byteCount()
        log.unlock()
        self.log = log
    }

    /// The next line, nil after the last one; a line that is longer than any of ours comes in pieces without an end.
    mutating func next() throws(FileFailure) -> Line? {
        var searched = buffer.startIndex
        while true {
            if let index = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer = buffer[(index + 1)...] }
                return Line(bytes: buffer[..<index], isEnded: true)
            }
            searched = buffer.endIndex
            guard offset < end, buffer.count <= AuditLog.maximumLineLength else { return takeRest() }
            let piece = try log.bytes(from: offset, to: min(end, offset + Self.pieceByteCount))
            guard !piece.isEmpty else { return takeRest() }
            offset += piece.count
            let kept = buffer.count
            buffer = (Array(buffer) + piece)[...]
            searched = kept
        }
    }

    /// Goes on to what was appended meanwhile; from now on nobody else appends as long as this lives.
    mutating func stayAtEnd() throws(FileFailure) {
        try log.lock()
        end = try log.byteCount()
    }

    /// See ``Undertaking``.
    borrowing func isGoingOn(_ sequence: Int) -> Bool { log.isMarked(sequence) }

    private mutating func takeRest() -> Line? {
        defer { buffer = [] }
        return buffer.isEmpty ? nil : Line(bytes: buffer, isEnded: false)
    }
}
