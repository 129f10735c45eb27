import Facility
import Glibc

/// A small file that is read whole.
enum InputFile {
    /// The bytes of a file; `-` is standard input, and `/dev/fd/N` a descriptor that the program was started with.
    ///
    /// - Throws: `CommandFailure` where it is missing (66) or too long (65), `FileFailure` where it cannot be read.
    static func read(_ path: String, maximumByteCount: Int) throws -> [UInt8] {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : InputDescriptor.open(path, O_RDONLY)
        guard descriptor >= 0 else {
            let failure = FileFailure("reading", path, code: errno)
            guard [ENOENT, ENOTDIR, EBADF].contains(failure.code) else { throw failure }
            throw CommandFailure(missing: failure)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure("reading", path, code: errno) }
            bytes += buffer[..<count]
            guard bytes.count <= maximumByteCount else {
                throw CommandFailure(.badInput, at: path, "expected at most \(maximumByteCount) bytes, found more")
            }
        }
    }
}
