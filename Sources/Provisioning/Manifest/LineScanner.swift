import Glibc
import PaymentCrypto

/// Physical lines out of a file that is read in large blocks, and the SHA-256 of all that was read.
struct LineScanner: ~Copyable {
    /// What comes next.
    enum Line {
        /// A line with its line feed; the last line of a file may lack it. Good until the next call.
        case line(UnsafeBufferPointer<UInt8>)
        /// The beginning of a line that is longer than asked for.
        case tooLong(UnsafeBufferPointer<UInt8>)
        /// The file is at its end.
        case end
    }

    private let descriptor: Int32
    private let blockByteCount: Int
    private let buffer: UnsafeMutablePointer<UInt8>
    private let digest: SHA256Stream
    /// Where the next line begins, where the search for its end goes on, and where the bytes end.
    private var start = 0
    private var searched = 0
    private var end = 0
    private var isAtEnd = false

    init(descriptor: Int32, limits: ManifestLimits) throws(ManifestReadError) {
        let digest: SHA256Stream
        do { digest = try SHA256Stream() } catch { throw .digestFailed(error) }
        self.digest = digest
        self.descriptor = descriptor
        blockByteCount = limits.blockByteCount
        // What is left of a block is never longer than the longest line that is asked for.
        buffer = .allocate(capacity: limits.blockByteCount + limits.recordByteCount + 8)
    }

    deinit {
        buffer.deallocate()
    }

    /// The next line, if it has no more than `limit` bytes; `limit` is at most 8 more than the record limit.
    mutating func next(limit: Int) throws(ManifestReadError) -> Line {
        while true {
            if let found = memchr(buffer + searched, Int32(UInt8(ascii: "\n")), end - searched) {
                let next = UnsafeRawPointer(found) - UnsafeRawPointer(buffer) + 1
                return take(upTo: next)
            }
            searched = end
            if end - start > limit { return .tooLong(UnsafeBufferPointer(start: buffer + start, count: end - start)) }
            if isAtEnd { return start == end ? .end : take(upTo: end) }
            try refill()
        }
    }

    /// What was read of the file and not taken yet; good until the next call.
    var unread: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: buffer + start, count: end - start) }

    /// Takes bytes of `unread`, which end with a line.
    mutating func skip(_ count: Int) {
        start += count
        searched = start
    }

    /// The digest of everything that was read.
    func digestSoFar() throws(ManifestReadError) -> SHA256Digest {
        do { return try digest.digest() } catch { throw .digestFailed(error) }
    }

    private mutating func take(upTo next: Int) -> Line {
        let line = UnsafeBufferPointer(start: buffer + start, count: next - start)
        start = next
        searched = next
        return .line(line)
    }

    private mutating func refill() throws(ManifestReadError) {
        if start > 0 {
            memmove(buffer, buffer + start, end - start)
            end -= start
            searched -= start
            start = 0
        }
        var count = read(descriptor, buffer + end, blockByteCount)
        while count < 0, errno == EINTR { count = read(descriptor, buffer + end, blockByteCount) }
        guard count >= 0 else { throw .readFailed(errno: errno) }
        do { try digest.update(UnsafeRawBufferPointer(start: buffer + end, count: count)) } catch {
            throw .digestFailed(error)
        }
        end += count
        isAtEnd = count == 0
    }
}
