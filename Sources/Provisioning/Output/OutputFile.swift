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
        guard fsync(descriptor) == 0 else { throw .writingFailed(path: path, code: errno) }
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
