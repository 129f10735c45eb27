import CLinux
import Glibc
import PaymentCrypto

/// A new file in an output folder, digested as it is written.
///
/// One owner: the stage that writes it.
final class OutputFile {
    /// The name within the folder.
    let name: String
    private let path: String
    private let descriptor: Int32
    private let digest: SHA256Stream
    private var byteCount = 0
    private var begunByteCount = 0
    /// How much may wait before the disk begins with it, so that little is left to wait for at the end.
    private static let writingStep = 8 << 20

    /// Makes the file new, 0600, never through a link.
    init(_ name: String, in folder: Int32, path: String) throws(OutputError) {
        self.name = name
        self.path = path
        digest = try Self.digesting(path) { () throws(EngineError) in try SHA256Stream() }
        descriptor = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists(path: path) : .writingFailed(path: path, code: errno)
        }
    }

    /// Opens a file that was written in part, reads the part that counts, and cuts off the rest.
    init(takingUp name: String, in folder: Int32, path: String, _ state: JournalCommit.File) throws {
        self.name = name
        self.path = path
        digest = try Self.digesting(path) { () throws(EngineError) in try SHA256Stream() }
        descriptor = openat(folder, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ELOOP
                ? ResumeError.damaged(path: path, reason: "the file is missing")
                : OutputError.readingFailed(path: path, code: errno)
        }
        try checkIsOwn()
        try readAgain(state.bytes)
        guard try self.state().sha256 == state.sha256 else { throw damage }
        try cut()
    }

    /// How many bytes there are, and their digest.
    func state() throws(OutputError) -> JournalCommit.File {
        let text = try Self.digesting(path) { () throws(EngineError) in try self.digest.digest().description }
        return JournalCommit.File(bytes: byteCount, sha256: text)
    }

    private var damage: ResumeError { .damaged(path: path, reason: "the file is not what the run has written") }

    private func checkIsOwn() throws {
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
            information.st_uid == geteuid(), information.st_nlink == 1
        else { throw damage }
    }

    private func readAgain(_ count: Int) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        while byteCount < count {
            let wanted = min(buffer.count, count - byteCount)
            let found = pread(descriptor, buffer.baseAddress, wanted, off_t(byteCount))
            if found < 0, errno == EINTR { continue }
            guard found >= 0 else { throw OutputError.readingFailed(path: path, code: errno) }
            guard found > 0 else { throw damage }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<found])
            try Self.digesting(path) { () throws(EngineError) in try digest.update(bytes) }
            byteCount += found
        }
        begunByteCount = byteCount
    }

    private func cut() throws(OutputError) {
        while ftruncate(descriptor, off_t(byteCount)) != 0 {
            guard errno == EINTR else { throw .writingFailed(path: path, code: errno) }
        }
        guard lseek(descriptor, off_t(byteCount), SEEK_SET) >= 0 else { throw .writingFailed(path: path, code: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Writes all of it.
    func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        try Self.digesting(path) { () throws(EngineError) in try digest.update(bytes) }
        var rest = bytes
        while rest.count > 0 {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw .writingFailed(path: path, code: errno)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        byteCount += bytes.count
        beginWriting()
    }

    /// Only for speed: what goes wrong here shows again in `sync`.
    private func beginWriting() {
        let waiting = byteCount - begunByteCount
        guard waiting >= Self.writingStep else { return }
        _ = ipek_begin_writing(descriptor, Int64(begunByteCount), Int64(waiting))
        begunByteCount = byteCount
    }

    func write(_ text: String) throws(OutputError) {
        let buffer = ByteBuffer(capacity: text.utf8.count)
        buffer.append(text)
        try write(buffer.bytes)
    }

    /// Brings to disk what was written so far.
    func sync() throws(OutputError) {
        while fsync(descriptor) != 0 {
            guard errno == EINTR else { throw .writingFailed(path: path, code: errno) }
        }
    }

    /// Puts the file on disk and returns its SHA-256 in lower-case hexadecimal.
    func finish() throws(OutputError) -> String {
        try sync()
        return try Self.digesting(path) { () throws(EngineError) in try digest.digest().description }
    }

    private static func digesting<R>(_ path: String, _ body: () throws(EngineError) -> R) throws(OutputError) -> R {
        do { return try body() } catch { throw .writingFailed(path: path, reason: error.description) }
    }
}
