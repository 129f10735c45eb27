import Facility
import Glibc
import Provisioning

/// A manifest that can be read more than once: the file itself, or a copy of what came through a pipe.
struct ManifestFile: ~Copyable {
    let descriptor: Int32

    /// Opens the manifest; what cannot be read twice is copied into a new file that `makeSpool` gives.
    ///
    /// - Parameters:
    ///   - kind: what messages call such a file.
    ///   - interruption: looked at while a pipe has nothing to say, since a signal alone does not end a wait.
    init(
        _ name: String, kind: String = "manifest", interruption: Interruption, makeSpool: () throws -> Int32
    ) throws {
        // Opening a named pipe must not wait for its writer either.
        let opened = name == "-" ? dup(STDIN_FILENO) : InputDescriptor.open(name, O_RDONLY | O_NONBLOCK)
        guard opened >= 0 else { throw Self.failure(name, kind, code: errno) }
        var information = stat()
        guard fstat(opened, &information) == 0, information.st_mode & S_IFMT != S_IFDIR else {
            close(opened)
            throw CommandFailure(.missingInput, "\(name) is a folder, expected a \(kind)")
        }
        guard name == "-" || information.st_mode & S_IFMT != S_IFREG else {
            descriptor = opened
            return
        }
        defer { close(opened) }
        let spool = try makeSpool()
        do { try Self.copy(opened, named: name, kind, to: spool, interruption) } catch {
            close(spool)
            throw error
        }
        descriptor = spool
    }

    deinit {
        close(descriptor)
    }

    /// A file without a name in the folder for temporary files.
    static func makeNamelessFile() throws -> Int32 {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        // mkstemp puts letters of its own in the place of the six.
        var template = Array("\(folder)/ipek.XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw CommandFailure(.inputOutput, "no temporary file can be made in \(folder)")
        }
        unlink(&template)
        return descriptor
    }

    private static func failure(_ name: String, _ kind: String, code: Int32) -> CommandFailure {
        // A closed stdin is none that can be read; a descriptor that was never open is a manifest that is missing.
        [ENOENT, ENOTDIR].contains(code) || (code == EBADF && name != "-")
            ? CommandFailure(.missingInput, "the \(kind) \(ShownText.line(name)) does not exist")
            : CommandFailure(
                .inputOutput, "\(ShownText.line(name)) cannot be read: \(String(cString: strerror(code)).lowercased())")
    }

    /// Far more than a record may have.
    private static let unendedByteLimit = 1 << 20

    private static func copy(
        _ source: Int32, named name: String, _ kind: String, to spool: Int32, _ interruption: Interruption
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        // A record without an end makes the reader stop, so there is no use in keeping all of it.
        var withoutLineEnd = 0
        while withoutLineEnd <= unendedByteLimit {
            try waitForInput(source, interruption)
            let count = read(source, buffer.baseAddress, buffer.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                throw failure(name, kind, code: errno)
            }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            withoutLineEnd = bytes.contains(UInt8(ascii: "\n")) ? 0 : withoutLineEnd + count
            try writeAll(bytes, of: name, to: spool)
        }
        lseek(spool, 0, SEEK_SET)
    }

    private static func waitForInput(_ source: Int32, _ interruption: Interruption) throws(ProvisioningError) {
        var (waiting, ready) = (pollfd(fd: source, events: Int16(POLLIN), revents: 0), Int32(0))
        repeat {
            if interruption.isRequested { throw .interrupted }
            ready = poll(&waiting, 1, 100)
            // A wait that a signal ends is looked at again, and not followed by one that nothing ends.
        } while ready == 0 || (ready < 0 && errno == EINTR)
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, of name: String, to spool: Int32) throws {
        var rest = bytes
        while rest.count > 0 {
            let written = write(spool, rest.baseAddress, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw CommandFailure(
                    .inputOutput,
                    "the copy of \(name) cannot be written: \(String(cString: strerror(errno)).lowercased())")
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }
}
