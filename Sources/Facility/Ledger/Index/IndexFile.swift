import Glibc

/// A file of `runs/` that is being written or read.
///
/// One owner at a time.
final class IndexFile {
    let path: String
    private let descriptor: Int32
    /// How many bytes were written.
    private(set) var byteCount = 0
    private let buffer = IndexBuffer(capacity: 256 << 10)

    /// Takes the descriptor over.
    init(_ descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Adds bytes at the end; they reach the file with `flush` at the latest.
    func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(FileFailure) {
        if buffer.count + bytes.count > buffer.capacity { try flush() }
        if bytes.count > buffer.capacity { try writeAll(bytes) } else { buffer.append(bytes) }
        byteCount += bytes.count
    }

    func write(_ bytes: [UInt8]) throws(FileFailure) {
        try bytes.withUnsafeBufferPointer { bytes throws(FileFailure) in try write(bytes) }
    }

    func flush() throws(FileFailure) {
        try writeAll(buffer.filled)
        buffer.removeAll()
    }

    /// Sees that everything is on disk.
    func synchronize() throws(FileFailure) {
        try flush()
        guard fsync(descriptor) == 0 else { throw FileFailure("writing", path) }
    }

    /// How long the file is.
    func size() throws(FileFailure) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFailure("reading", path) }
        return Int(status.st_size)
    }

    /// Bytes from anywhere in the file, or nil where it is too short.
    func read(_ count: Int, at offset: Int) throws(FileFailure) -> [UInt8]? {
        guard count >= 0, offset >= 0, offset <= Int.max - count, try size() >= offset + count else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes[done...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw FileFailure("reading", path) }
            if got == 0 { return nil }
            done += got
        }
        return bytes
    }

    private func writeAll(_ bytes: UnsafeBufferPointer<UInt8>) throws(FileFailure) {
        var rest = UnsafeRawBufferPointer(bytes)
        while rest.count > 0 {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw FileFailure("writing", path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }
}
