import Glibc

/// The open log, locked: as long as this value lives nobody else appends.
///
/// The lock is the file's own. Whoever holds it takes no other, and it is held for the moment of writing only.
struct AuditLog: ~Copyable {
    static let fileName = "audit.jsonl"

    /// Longer than any event; what is longer is not ours.
    static let maximumLineLength = 16 << 20

    let path: String
    private let descriptor: Int32

    /// What the log is opened for.
    enum Purpose {
        case reading
        case appending
        /// Appending to a new log, where there is none.
        case beginning

        /// Appending only: so a facility can have its file system forbid everything else (`chattr +a`).
        fileprivate var flags: Int32 {
            switch self {
            case .reading: O_RDONLY
            case .appending: O_RDWR | O_APPEND
            case .beginning: O_RDWR | O_APPEND | O_CREAT
            }
        }
    }

    /// Opens the log and waits for its lock; nil where there is no log.
    init?(in folder: borrowing SiteFolder, for purpose: Purpose) throws(FacilityError) {
        guard let descriptor = try folder.openFile(Self.fileName, purpose.flags) else { return nil }
        let path = "\(folder.path)/\(Self.fileName)"
        do throws(FileFailure) { try Self.lock(descriptor, path) } catch {
            close(descriptor)
            throw .file(error)
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Closing gives back the lock, too.
        close(descriptor)
    }

    /// Lets others append; what is there stays as it is.
    func unlock() {
        flock(descriptor, LOCK_UN)
    }

    /// Takes the lock back, to see the log at rest.
    func lock() throws(FileFailure) {
        try Self.lock(descriptor, path)
    }

    private static func lock(_ descriptor: Int32, _ path: String) throws(FileFailure) {
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileFailure("locking", path) }
        }
    }

    func withDescriptor<R>(_ body: (Int32) -> R) -> R { body(descriptor) }

    /// How many bytes the log has.
    func byteCount() throws(FileFailure) -> Int {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw FileFailure("reading", path) }
        // Reading anything but a file would wait, or have no end.
        guard information.st_mode & S_IFMT == S_IFREG else { throw FileFailure("reading", path, code: EINVAL) }
        return Int(information.st_size)
    }

    /// The bytes from `start` up to `end`; fewer where the file is shorter.
    func bytes(from start: Int, to end: Int) throws(FileFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: end - start)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(start + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure("reading", path) }
            if count == 0 { break }
            done += count
        }
        return Array(bytes.prefix(done))
    }

    /// Appends, and sees that it is on disk; what was written in part is taken back.
    func append(_ bytes: [UInt8]) throws(FileFailure) {
        let end = try byteCount()
        do throws(FileFailure) {
            try write(bytes)
            guard fsync(descriptor) == 0 else { throw FileFailure("writing", path) }
        } catch {
            try? cut(to: end)
            throw error
        }
    }

    /// Removes everything after `end`.
    func cut(to end: Int) throws(FileFailure) {
        guard ftruncate(descriptor, off_t(end)) == 0 else { throw FileFailure("writing", path) }
    }

    private func write(_ bytes: [UInt8]) throws(FileFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure("writing", path) }
            done += count
        }
    }
}
