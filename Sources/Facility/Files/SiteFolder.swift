import Glibc

/// An open folder: its files are read and replaced relative to it, never through a link.
struct SiteFolder: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// More than any keyring can need; a file above it is not ours.
    private static let maximumByteCount = 64 << 20

    init(_ path: String) throws(FileFailure) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure("opening", path) }
        self.path = path
        self.descriptor = descriptor
    }

    /// Refuses the folder of another user, and one that others may look into.
    ///
    /// A folder that is no site at all may be as it likes.
    func checkIsPrivate() throws(FileExposure) {
        var status = stat()
        guard fstatat(descriptor, SiteDocument.fileName, &status, AT_SYMLINK_NOFOLLOW) == 0,
            fstat(descriptor, &status) == 0
        else { return }
        if let exposure = FileExposure(path, status, isFolder: true) { throw exposure }
    }

    /// The same for an open file of the folder, which has to be a regular one.
    func checkIsPrivate(_ file: Int32, _ name: String) throws(FileExposure) {
        var status = stat()
        guard fstat(file, &status) == 0 else { return }
        if let exposure = FileExposure("\(path)/\(name)", status, isFolder: false) { throw exposure }
    }

    deinit {
        // Closing gives back the lock, too.
        close(descriptor)
    }

    /// Waits until no other process has the lock, and keeps it as long as this value lives.
    func lock() throws(FileFailure) {
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileFailure("locking", path) }
        }
    }

    /// An open file for whoever keeps it open, or nil where there is none; a link is not followed.
    ///
    /// Refused where others could have written it.
    func openFile(_ name: String, _ flags: Int32) throws(FacilityError) -> Int32? {
        try open(name, flags, for: "opening")
    }

    /// The whole file, or nil where there is none; refused where others could have written it.
    func read(_ name: String) throws(FacilityError) -> [UInt8]? {
        guard let file = try open(name, O_RDONLY, for: "reading") else { return nil }
        defer { close(file) }
        do throws(FileFailure) { return try readAll(file, name) } catch { throw .file(error) }
    }

    private func open(_ name: String, _ flags: Int32, for operation: String) throws(FacilityError) -> Int32? {
        let file = openat(descriptor, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard file >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ELOOP, EISDIR, ENXIO: throw .exposed(FileExposure(noFileAt: "\(path)/\(name)"))
            default: throw .file(FileFailure(operation, "\(path)/\(name)"))
            }
        }
        do throws(FileExposure) { try checkIsPrivate(file, name) } catch {
            close(file)
            throw .exposed(error)
        }
        return file
    }

    private func readAll(_ file: Int32, _ name: String) throws(FileFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure("reading", "\(path)/\(name)") }
            bytes += buffer[..<count]
            guard bytes.count <= Self.maximumByteCount else {
                throw FileFailure("reading", "\(path)/\(name)", code: EFBIG)
            }
        }
    }

    /// Writes the file anew: whoever looks, even after a crash, sees the old content or the new one.
    func replace(_ name: String, with bytes: [UInt8]) throws(FileFailure) {
        try prepare(name, bytes)
        do throws(FileFailure) { try place(name) } catch {
            discard(name)
            throw error
        }
    }

    /// Puts a file's new content on disk, beside the old one; the caller has the lock.
    func prepare(_ name: String, _ bytes: [UInt8]) throws(FileFailure) {
        discard(name)
        do throws(FileFailure) {
            try write(Self.prepared(name), bytes)
            try synchronize()
        } catch {
            discard(name)
            throw error
        }
    }

    /// Gives what was prepared its name.
    func place(_ name: String) throws(FileFailure) {
        guard renameat(descriptor, Self.prepared(name), descriptor, name) == 0 else {
            throw FileFailure("writing", "\(path)/\(name)")
        }
        // Should that fail, a power cut brings back what was prepared, and it is given its name then.
        try? synchronize()
    }

    /// Throws away what was prepared, if anything was.
    func discard(_ name: String) {
        remove(Self.prepared(name))
    }

    /// Whether something was prepared.
    func isPrepared(_ name: String) -> Bool {
        faccessat(descriptor, Self.prepared(name), F_OK, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// What the new content of a file is called until it takes the file's name.
    static func prepared(_ name: String) -> String { name + ".new" }

    /// Makes a file that must not be there yet, and sees that it is on disk.
    func write(_ name: String, _ bytes: [UInt8]) throws(FileFailure) {
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileFailure("making", "\(path)/\(name)") }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure("writing", "\(path)/\(name)") }
            done += count
        }
        guard fsync(file) == 0 else { throw FileFailure("writing", "\(path)/\(name)") }
    }

    /// Sees that the folder's own entries are on disk.
    func synchronize() throws(FileFailure) {
        guard fsync(descriptor) == 0 else { throw FileFailure("writing", path) }
    }

    /// Gives a finished file its name, and sees that the name is on disk.
    func rename(_ name: String, to newName: String) throws(FileFailure) {
        guard renameat(descriptor, name, descriptor, newName) == 0 else {
            throw FileFailure("writing", "\(path)/\(newName)")
        }
        try synchronize()
    }

    /// Makes a folder; false where the name is taken.
    func makesFolder(_ name: String) throws(FileFailure) -> Bool {
        if mkdirat(descriptor, name, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw FileFailure("making", "\(path)/\(name)") }
        return false
    }

    /// What the file system says of a file, a link not followed; nil where there is none.
    func status(of name: String) throws(FileFailure) -> stat? {
        var status = stat()
        if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
        guard errno == ENOENT else { throw FileFailure("reading", "\(path)/\(name)") }
        return nil
    }

    /// Removes a file, if it is there.
    func remove(_ name: String) {
        unlinkat(descriptor, name, 0)
    }
}
