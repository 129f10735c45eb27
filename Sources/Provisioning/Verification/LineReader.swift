import Glibc
import PaymentCrypto

/// A file line by line, digested as it is read.
///
/// Lines can be looked at ahead of time and put back. One owner: the stage that reads.
final class LineReader {
    /// Where a line was copied to, and which one it is.
    struct Place {
        var offset: Int
        /// Without the line end.
        var count: Int
        /// Counted from 1.
        var number: Int
    }

    /// A line on its own, while two files are brought together again.
    struct Stored {
        var bytes: [UInt8]
        var number: Int
    }

    /// Messages call it so.
    let path: String
    /// Whether the last line had its end, and no line was too long.
    private(set) var isWhole = true
    private let descriptor: Int32
    private let digest: SHA256Stream
    private let storage: UnsafeMutablePointer<UInt8>
    private var (start, end) = (0, 0)
    private var lineCount = 0
    private var isAtEnd = false
    private var pending: [Stored] = []

    private static let capacity = 1 << 20

    /// - Parameter file: taken over.
    init(_ file: OpenFile, path: String) throws(VerificationError) {
        (self.path, descriptor) = (path, file.descriptor)
        digest = try VerificationError.digesting { () throws(EngineError) in try SHA256Stream() }
        storage = .allocate(capacity: Self.capacity)
    }

    deinit {
        storage.deallocate()
        close(descriptor)
    }

    /// Copies the next line behind what is in `buffer`; nil at the end.
    func next(into buffer: ByteBuffer) throws(VerificationError) -> Place? {
        if !pending.isEmpty {
            let stored = pending.removeFirst()
            let place = Place(offset: buffer.count, count: stored.bytes.count, number: stored.number)
            buffer.append(stored.bytes)
            return place
        }
        guard let line = try nextInStorage() else { return nil }
        let place = Place(offset: buffer.count, count: line.count, number: lineCount)
        buffer.append(line)
        return place
    }

    /// The next lines, at most so many, which are still to come.
    func peek(_ count: Int) throws(VerificationError) -> [Stored] {
        while pending.count < count, let line = try nextInStorage() {
            pending.append(Stored(bytes: Array(line), number: lineCount))
        }
        return Array(pending.prefix(count))
    }

    /// Makes a line that was read the next one again.
    func putBack(_ line: Stored) { pending.insert(line, at: 0) }

    /// Reads what is left, which nobody looks at, and gives the digest of the whole file.
    func finish() throws(VerificationError) -> SHA256Digest {
        pending.removeAll()
        repeat { start = end } while try fill()
        return try VerificationError.digesting { () throws(EngineError) in try digest.digest() }
    }

    private func nextInStorage() throws(VerificationError) -> UnsafeBufferPointer<UInt8>? {
        var searched = start
        while true {
            if let found = memchr(storage + searched, Int32(UInt8(ascii: "\n")), end - searched) {
                let length = UnsafeRawPointer(found) - UnsafeRawPointer(storage + start)
                defer { start += length + 1 }
                lineCount += 1
                return UnsafeBufferPointer(start: storage + start, count: length)
            }
            let waiting = end - start
            if waiting == Self.capacity || isAtEnd {
                guard waiting > 0 else { return nil }
                // What is left is no whole line.
                isWhole = false
                defer { start = end }
                lineCount += 1
                return UnsafeBufferPointer(start: storage + start, count: waiting)
            }
            _ = try fill()
            searched = start + waiting
        }
    }

    /// Moves what is left to the front and reads more behind it; false at the end of the file.
    private func fill() throws(VerificationError) -> Bool {
        if start > 0 {
            memmove(storage, storage + start, end - start)
            (start, end) = (0, end - start)
        }
        while true {
            let count = Glibc.read(descriptor, storage + end, Self.capacity - end)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .readingFailed(path: path, code: errno) }
            isAtEnd = count == 0
            let bytes = UnsafeRawBufferPointer(start: storage + end, count: count)
            try VerificationError.digesting { () throws(EngineError) in try digest.update(bytes) }
            end += count
            return count > 0
        }
    }
}

extension VerificationError {
    /// Runs `body` and says in this error's terms what it throws.
    static func digesting<R>(_ body: () throws(EngineError) -> R) throws(VerificationError) -> R {
        do { return try body() } catch { throw .digestFailed(error.description) }
    }
}
