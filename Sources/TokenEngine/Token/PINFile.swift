internal import Glibc
internal import PaymentCrypto

/// The file or descriptor that a PIN comes from.
struct PINFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// Opens what `pin-source` names: `file:` with an absolute path, or an absolute path.
    ///
    /// A file must belong to root or to the caller and be closed to everybody else. What an inherited descriptor
    /// (`/dev/fd/N`) leads to is for whoever opened it to judge.
    init(_ source: String) throws(PINSourceError) {
        let path = Self.path(source)
        guard path.hasPrefix("/") else { throw .notAFile }
        let descriptor: Int32
        if let number = Self.descriptorNumber(path) {
            descriptor = fcntl(number, F_DUPFD_CLOEXEC, 3)
        } else {
            descriptor = try Self.open(path)
        }
        guard descriptor >= 0 else { throw .missing(path: path) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// The first line, without its end.
    ///
    /// A byte at a time, so that there is no buffer that would keep a copy.
    func readFirstLine() throws(PINSourceError) -> SecretLine {
        var line = SecretLine()
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable(path: path, reason: ModuleFile.reason(errno))
            }
            if count == 0 || byte == UInt8(ascii: "\n") { break }
            guard line.append(byte) else { throw .notAPIN(path: path) }
        }
        line.removeCarriageReturn()
        return line
    }

    /// `file:/path` and `file:///path` as RFC 8089 has them, or the path alone.
    private static func path(_ source: String) -> String {
        guard source.hasPrefix("file:") else { return source }
        let rest = source.dropFirst("file:".count)
        return String(rest.hasPrefix("///") ? rest.dropFirst(2) : rest)
    }

    /// A process that forbids dumps may not open these paths, but has the descriptors all the same.
    private static func descriptorNumber(_ path: String) -> Int32? {
        if path == "/dev/stdin" { return STDIN_FILENO }
        let prefixes = ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/\(getpid())/fd/"]
        guard let prefix = prefixes.first(where: path.hasPrefix) else { return nil }
        let digits = path.dropFirst(prefix.count)
        return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int32(digits) : nil
    }

    private static func open(_ path: String) throws(PINSourceError) -> Int32 {
        // A named pipe must not wait for its writer.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            guard code == ENOENT || code == ENOTDIR else {
                throw .unreadable(path: path, reason: ModuleFile.reason(code))
            }
            throw .missing(path: path)
        }
        do { try check(descriptor, path) } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func check(_ descriptor: Int32, _ path: String) throws(PINSourceError) {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else {
            throw .unreadable(path: path, reason: ModuleFile.reason(errno))
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "it is not a file")
        }
        guard information.st_uid == 0 || information.st_uid == geteuid() else {
            throw .untrusted(path: path, reason: "it belongs to user \(information.st_uid)")
        }
        let mode = information.st_mode & 0o777
        guard mode & 0o077 == 0 else {
            throw .untrusted(path: path, reason: "expected mode 0600, found 0\(String(mode, radix: 8))")
        }
    }
}
