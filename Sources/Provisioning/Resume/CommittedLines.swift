import Glibc

/// The lines of a file in an interrupted run's folder, which has been cut to the part that counts.
///
/// One owner at a time.
final class CommittedLines {
    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private static let blockByteCount = 1 << 18

    init(_ name: String, in folder: OutputFolder) throws(OutputError) {
        path = folder.path(of: name)
        descriptor = openat(folder.descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .readingFailed(path: path, code: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// The next line without its end; nil behind the last one.
    func next() throws(OutputError) -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            if isAtEnd { return nil }
            searched = buffer.count - start
            try refill()
        }
    }

    /// The next bytes, however many lines they are; fewer at the end.
    func take(_ count: Int) throws(OutputError) -> ArraySlice<UInt8> {
        while buffer.count - start < count, !isAtEnd { try refill() }
        let end = min(buffer.count, start + count)
        defer { start = end }
        return buffer[start..<end]
    }

    /// The bytes before the next `end`, which stays; at most `limit`.
    func take(before end: UInt8, limit: Int) throws(OutputError) -> ArraySlice<UInt8> {
        while buffer.count - start < limit, !isAtEnd { try refill() }
        let window = buffer[start..<min(buffer.count, start + limit)]
        let found = window.prefix { $0 != end }
        start = found.endIndex
        return found
    }

    private func refill() throws(OutputError) {
        buffer.removeFirst(start)
        start = 0
        let kept = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.blockByteCount))
        var count: Int
        repeat {
            count = buffer[kept...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw .readingFailed(path: path, code: errno) }
        buffer.removeLast(Self.blockByteCount - count)
        isAtEnd = count == 0
    }
}
