import CLinux
import Glibc

/// The folder of a run: written as `DIR.incomplete`, renamed to `DIR` when everything is on disk.
///
/// A `DIR` is complete or absent. What was not finished is removed when the folder goes.
public final class OutputFolder {
    /// `DIR`, without trailing slashes.
    let path: String
    /// `DIR.incomplete`.
    let incompletePath: String
    private(set) var descriptor: Int32 = -1
    private var isFinished = false

    /// Makes `DIR.incomplete`, 0700.
    ///
    /// - Throws: `.exists` where `DIR` is there, `.incompleteExists` where `DIR.incomplete` is.
    public init(_ requested: String) throws(OutputError) {
        path = Self.withoutTrailingSlashes(requested)
        incompletePath = path + ".incomplete"
        try Self.checkIsFree(path)
        guard mkdir(incompletePath, 0o700) == 0 else {
            throw errno == EEXIST
                ? .incompleteExists(path: incompletePath) : .cannotMake(path: incompletePath, code: errno)
        }
        descriptor = open(incompletePath, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            rmdir(incompletePath)
            throw .cannotMake(path: incompletePath, code: code)
        }
    }

    /// Refuses a name that is taken, before anybody is asked for a passphrase.
    public static func checkIsFree(_ requested: String) throws(OutputError) {
        let path = withoutTrailingSlashes(requested)
        var information = stat()
        if lstat(path, &information) == 0 { throw .exists(path: path) }
        let incompletePath = path + ".incomplete"
        if lstat(incompletePath, &information) == 0 { throw .incompleteExists(path: incompletePath) }
    }

    /// A file for a manifest that can be read once only; it has no name and goes when it is closed.
    public func makeSpool() throws(OutputError) -> Int32 {
        let spool = openat(descriptor, "manifest", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard spool >= 0, unlinkat(descriptor, "manifest", 0) == 0 else {
            throw .writingFailed(path: "\(incompletePath)/manifest", code: errno)
        }
        return spool
    }

    deinit {
        if !isFinished { removeEverything() }
        if descriptor >= 0 { close(descriptor) }
    }

    /// A new file in the folder.
    func makeFile(_ name: String) throws(OutputError) -> OutputFile {
        try OutputFile(name, in: descriptor, path: "\(incompletePath)/\(name)")
    }

    /// A new folder in the folder.
    func makeFolder(_ name: String) throws(OutputError) -> Int32 {
        let path = "\(incompletePath)/\(name)"
        guard mkdirat(descriptor, name, 0o700) == 0 else { throw .writingFailed(path: path, code: errno) }
        let folder = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw .writingFailed(path: path, code: errno) }
        return folder
    }

    /// Brings everything that was written so far to disk, however many files it is.
    func syncFileSystem() throws(OutputError) {
        guard ipek_syncfs(descriptor) == 0 else { throw .writingFailed(path: incompletePath, code: errno) }
    }

    /// Gives the folder its name, once its files are on disk; fails where somebody took the name meanwhile.
    func finish() throws(OutputError) {
        guard fsync(descriptor) == 0 else { throw .writingFailed(path: incompletePath, code: errno) }
        guard ipek_rename_new(incompletePath, path) == 0 || renamePlainly() else {
            throw errno == EEXIST ? .exists(path: path) : .writingFailed(path: path, code: errno)
        }
        isFinished = true
        syncParent()
    }

    /// For file systems that know no 'rename unless it is there': looks first, which is the best that can be done.
    private func renamePlainly() -> Bool {
        guard errno == EINVAL || errno == ENOSYS else { return false }
        var information = stat()
        guard lstat(path, &information) != 0 else {
            errno = EEXIST
            return false
        }
        return rename(incompletePath, path) == 0
    }

    private func syncParent() {
        let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Removes what this run wrote; names come from the folder itself and no link is followed.
    private func removeEverything() {
        Self.removeContents(of: dup(descriptor))
        rmdir(incompletePath)
    }

    private static func removeContents(of folder: Int32) {
        guard folder >= 0 else { return }
        guard let stream = fdopendir(folder) else {
            close(folder)
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            if unlinkat(dirfd(stream), name, 0) == 0 { continue }
            removeContents(of: openat(dirfd(stream), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
            unlinkat(dirfd(stream), name, AT_REMOVEDIR)
        }
    }

    static func withoutTrailingSlashes(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }
}
