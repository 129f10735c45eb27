import CLinux
import Glibc

/// The folder of a run: written as `DIR.incomplete`, renamed to `DIR` when everything is on disk.
///
/// A `DIR` is complete or absent. What was not finished is removed when the folder goes, unless a run can take it up again.
public final class OutputFolder {
    /// `DIR`, without trailing slashes.
    let path: String
    /// `DIR.incomplete`.
    let incompletePath: String
    private(set) var descriptor: Int32 = -1
    private var isFinished = false
    /// Whether what was not finished stays when the folder goes.
    private(set) var isKept = false

    /// Makes `DIR.incomplete`, 0700.
    ///
    /// - Throws: `.exists` where `DIR` is there, `.incompleteExists` where `DIR.incomplete` is.
    public init(_ requested: String) throws(OutputError) {
        path = Self.withoutTrailingSlashes(requested)
        incompletePath = path + ".incomplete"
        try Self.checkIsFree(path)
        guard mkdir(incompletePath, 0o700) == 0 else {
            throw errno == EEXIST
                ? Self.isTaken(incompletePath) : .cannotMake(path: incompletePath, code: errno)
        }
        descriptor = open(incompletePath, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            rmdir(incompletePath)
            throw .cannotMake(path: incompletePath, code: code)
        }
    }

    /// Opens the `DIR.incomplete` that an interrupted run left; it is kept until its run says otherwise.
    ///
    /// - Throws: `.exists` where `DIR` is there, and `ResumeError` where there is no folder of the caller's own.
    public init(resuming requested: String) throws {
        path = Self.withoutTrailingSlashes(requested)
        incompletePath = path + ".incomplete"
        try Self.checkCanResume(path)
        descriptor = open(incompletePath, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if [ENOTDIR, ELOOP].contains(errno) { throw OutputError.incompleteIsNoRun(path: incompletePath) }
            throw OutputError.readingFailed(path: incompletePath, code: errno)
        }
        isKept = true
        var information = stat()
        guard fstat(descriptor, &information) == 0 else {
            throw OutputError.readingFailed(path: incompletePath, code: errno)
        }
        guard Self.isClosed(information) else {
            throw Self.isOfARun(incompletePath, information)
                ? Self.exposed(incompletePath, information) : OutputError.incompleteIsNoRun(path: incompletePath)
        }
    }

    /// Refuses to resume where there is nothing to resume, before anybody is asked for a passphrase.
    public static func checkCanResume(_ requested: String) throws {
        let path = withoutTrailingSlashes(requested)
        var information = stat()
        if lstat(path, &information) == 0 { throw OutputError.exists(path: path) }
        guard lstat(path + ".incomplete", &information) == 0 else {
            throw ResumeError.missing(path: path + ".incomplete")
        }
    }

    private static func isClosed(_ information: stat) -> Bool {
        information.st_uid == geteuid() && information.st_mode & 0o077 == 0
    }

    private static func exposed(_ path: String, _ information: stat) -> any Error {
        let isOwn = information.st_uid == geteuid()
        let mode = "permissions \(String(information.st_mode & 0o7777, radix: 8))"
        return ResumeError.exposed(path: path, found: isOwn ? mode : "another user's", isOwn: isOwn)
    }

    /// What is in the way of a run: an interrupted one, or something else.
    private static func isTaken(_ path: String) -> OutputError {
        var information = stat()
        guard lstat(path, &information) == 0, !isOfARun(path, information) else {
            return .incompleteExists(path: path)
        }
        return .incompleteIsNoRun(path: path)
    }

    /// Whether this is what an interrupted run leaves: a folder with its journal; near the end with the sums that come
    /// before its name, and at the beginning an empty one that is closed to others.
    private static func isOfARun(_ path: String, _ folder: stat) -> Bool {
        guard folder.st_mode & S_IFMT == S_IFDIR else { return false }
        for name in [ProgressJournal.fileName, SumsFile.name] {
            var information = stat()
            // What cannot be looked into may be anybody's run.
            if lstat("\(path)/\(name)", &information) == 0 || errno == EACCES { return true }
        }
        var isEmpty = true
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard forEachName(in: descriptor, { name, _ in isEmpty = isEmpty && name == "manifest" }) else { return true }
        return isEmpty && isClosed(folder)
    }

    /// From now on what was not finished stays, for a run that takes it up.
    func keep() { isKept = true }

    /// From now on what was not finished goes with the folder.
    func abandon() { isKept = false }

    /// What a file of the folder is called in messages.
    func path(of name: String) -> String { "\(incompletePath)/\(name)" }

    /// Refuses a name that is taken, before anybody is asked for a passphrase.
    public static func checkIsFree(_ requested: String) throws(OutputError) {
        let path = withoutTrailingSlashes(requested)
        var information = stat()
        if lstat(path, &information) == 0 { throw .exists(path: path) }
        let incompletePath = path + ".incomplete"
        if lstat(incompletePath, &information) == 0 { throw isTaken(incompletePath) }
    }

    /// A file for a manifest that can be read once only; it has no name and goes when it is closed.
    public func makeSpool() throws(OutputError) -> Int32 {
        let spool = openat(descriptor, "manifest", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard spool >= 0, unlinkat(descriptor, "manifest", 0) == 0 else {
            throw .writingFailed(path: "\(incompletePath)/manifest", code: errno)
        }
        return spool
    }

    /// Where `DIR` is, whatever folder the process is in.
    var absolutePath: String {
        guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        return "\(String(cString: current))/\(path)"
    }

    /// Removes what was written, unless it has its name.
    func discard() {
        guard !isFinished else { return }
        removeEverything()
        isFinished = true
    }

    deinit {
        if !isFinished, !isKept { removeEverything() }
        if descriptor >= 0 { close(descriptor) }
    }

    /// A new file in the folder.
    func makeFile(_ name: String) throws(OutputError) -> OutputFile {
        try OutputFile(name, in: descriptor, path: path(of: name))
    }

    /// A file that an interrupted run has written in part; what is behind the part that counts is cut off.
    func takeUpFile(_ name: String, _ state: JournalCommit.File) throws -> OutputFile {
        try OutputFile(takingUp: name, in: descriptor, path: path(of: name), state)
    }

    /// Removes a file or a link; what is missing is no fault.
    func removeFile(_ name: String) throws(OutputError) {
        guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
            throw .writingFailed(path: path(of: name), code: errno)
        }
    }

    /// Removes a folder of the folder with everything in it.
    func removeFolder(_ name: String) throws(OutputError) {
        Self.removeContents(of: openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
        guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 else {
            throw .writingFailed(path: path(of: name), code: errno)
        }
    }

    /// The names of what is in the folder.
    func contents() throws(OutputError) -> [String] {
        var names: [String] = []
        guard Self.forEachName(in: dup(descriptor), { name, _ in names.append(name) }) else {
            throw .readingFailed(path: incompletePath, code: errno)
        }
        return names
    }

    /// Gives a file of the folder from its beginning, piece after piece, until `take` returns false.
    func read(_ name: String, _ take: (UnsafeRawBufferPointer) throws -> Bool) throws {
        try Self.read(name, in: descriptor, path: "\(incompletePath)/\(name)", take)
    }

    /// The same in any folder.
    static func read(
        _ name: String, in folder: Int32, path: String, _ take: (UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { throw OutputError.readingFailed(path: path, code: errno) }
        defer { close(file) }
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { piece.deallocate() }
        while true {
            let count = Glibc.read(file, piece.baseAddress, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw OutputError.readingFailed(path: path, code: errno) }
            if count == 0 { return }
            guard try take(UnsafeRawBufferPointer(rebasing: piece[..<count])) else { return }
        }
    }

    /// A new folder in the folder.
    func makeFolder(_ name: String) throws(OutputError) -> Int32 {
        let path = path(of: name)
        guard mkdirat(descriptor, name, 0o700) == 0 else { throw .writingFailed(path: path, code: errno) }
        return try openFolder(name)
    }

    /// A folder in the folder that is there already.
    func openFolder(_ name: String) throws(OutputError) -> Int32 {
        let path = path(of: name)
        let folder = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw .writingFailed(path: path, code: errno) }
        return folder
    }

    /// Brings the folder's own entries to disk, and its name.
    func sync() throws(OutputError) {
        guard fsync(descriptor) == 0 else { throw .writingFailed(path: incompletePath, code: errno) }
        syncParent()
    }

    /// Brings everything that was written so far to disk, however many files it is.
    func syncFileSystem() throws(OutputError) {
        guard ipek_syncfs(descriptor) == 0 else { throw .writingFailed(path: incompletePath, code: errno) }
    }

    /// Gives the folder its name, once its files are on disk; fails where somebody took the name meanwhile.
    ///
    /// - Parameter name: a file that is not to be there any more by then.
    func finish(removing name: String? = nil) throws(OutputError) {
        var information = stat()
        if lstat(path, &information) == 0 { throw .exists(path: path) }
        if let name { try removeFile(name) }
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
        _ = forEachName(in: folder) { name, folder in
            if unlinkat(folder, name, 0) == 0 { return }
            removeContents(of: openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
            unlinkat(folder, name, AT_REMOVEDIR)
        }
    }

    /// Gives each name in an open folder, which is closed; false where it cannot be read.
    private static func forEachName(in folder: Int32, _ body: (String, Int32) -> Void) -> Bool {
        guard folder >= 0 else { return false }
        guard let stream = fdopendir(folder) else {
            close(folder)
            return false
        }
        defer { closedir(stream) }
        rewinddir(stream)
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { body(name, dirfd(stream)) }
        }
        return true
    }

    static func withoutTrailingSlashes(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }
}
