import Facility
import Glibc
import PaymentCrypto

/// Reads secret text from a file or a descriptor, byte by byte into secret memory and nowhere else.
struct SecretSource: ~Copyable {
    private let name: String
    private let descriptor: Int32

    /// Opens a file; `/dev/fd/N` is the descriptor itself, so that one can give several lines in turn.
    init(_ path: String) throws {
        let descriptor = InputDescriptor.open(path, O_RDONLY)
        guard descriptor >= 0 else {
            let failure = FileFailure("reading", path, code: errno)
            guard [ENOENT, ENOTDIR, EBADF].contains(failure.code) else { throw failure }
            throw CommandFailure(missing: failure)
        }
        self.name = path
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// The first line, without its end; what follows stays in the descriptor.
    borrowing func readFirstLine() throws -> SecretLine {
        var line = SecretLine()
        while let byte = try readByte(), byte != UInt8(ascii: "\n") { try append(byte, to: &line) }
        line.removeCarriageReturn()
        return line
    }

    /// The only line; anything after its end is refused.
    borrowing func readOnlyLine() throws -> SecretLine {
        let line = try readFirstLine()
        guard try readByte() == nil else {
            throw CommandFailure(.badInput, at: name, "expected one line, found more")
        }
        return line
    }

    private func append(_ byte: UInt8, to line: inout SecretLine) throws {
        guard line.append(byte) else {
            throw CommandFailure(
                .badInput, at: name, "expected at most \(SecretLine.maximumByteCount) bytes on a line, found more")
        }
    }

    /// One at a time: a buffer would be a second place where the secret is, and take what belongs to the next reader.
    private func readByte() throws -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure("reading", name, code: errno) }
            return count == 0 ? nil : byte
        }
    }
}
