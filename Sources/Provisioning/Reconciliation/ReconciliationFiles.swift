import CLinux
import Glibc

/// The files beside a run's folder: written under names of their own, and named when they are on disk.
///
/// What an earlier reconciliation has left is kept under a number. One owner.
final class ReconciliationFiles {
    /// `DIR.reconciliation`.
    let stem: String
    /// Where the files are.
    let folder: Int32
    /// Nobody else reconciles the run meanwhile, who would take the same names.
    private let hold: FileHold?
    private let folderPath: String
    private let name: String
    private var isNamed = false
    private static let endings = [".csv", ".html"]

    /// - Parameter run: the folder of the run.
    init(besides run: String, _ hold: FileHold?) throws(OutputError) {
        self.hold = hold
        let path = Self.named(run)
        let slash = path.lastIndex(of: "/")
        folderPath = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        name = String(slash.map { path[path.index(after: $0)...] } ?? path[...]) + ".reconciliation"
        stem = "\(path).reconciliation"
        folder = open(folderPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .cannotMake(path: stem + ".csv", code: errno) }
    }

    deinit {
        if !isNamed { removeUnnamed() }
        close(folder)
    }

    /// A new report or page; what an interrupted command has left of one goes.
    func make(_ ending: String) throws(OutputError) -> OutputFile {
        unlinkat(folder, incomplete(ending), 0)
        return try OutputFile(incomplete(ending), in: folder, path: "\(stem)\(ending)")
    }

    /// Gives a file from its beginning, piece after piece, until its argument returns false.
    func read(_ ending: String, _ take: (UnsafeRawBufferPointer) throws -> Bool) throws {
        try OutputFolder.read(incomplete(ending), in: folder, path: "\(stem)\(ending)", take)
    }

    /// What the report is called, without its folder.
    var reportName: String { name + ".csv" }

    /// Gives the files their names, and earlier ones their numbers.
    func finish() throws(OutputError) {
        try keepEarlier()
        for ending in Self.endings where exists(incomplete(ending)) {
            try rename(incomplete(ending), to: name + ending)
        }
        isNamed = true
        guard fsync(folder) == 0 else { throw .writingFailed(path: folderPath, code: errno) }
    }

    /// Removes what has got no name.
    private func removeUnnamed() {
        for ending in Self.endings { unlinkat(folder, incomplete(ending), 0) }
    }

    private func keepEarlier() throws(OutputError) {
        guard Self.endings.contains(where: { exists(name + $0) }) else { return }
        var number = 1
        while Self.endings.contains(where: { exists("\(name).\(number)\($0)") }) { number += 1 }
        for ending in Self.endings where exists(name + ending) {
            try rename(name + ending, to: "\(name).\(number)\(ending)")
        }
    }

    private func incomplete(_ ending: String) -> String { "\(name)\(ending).incomplete" }

    private func exists(_ name: String) -> Bool {
        var information = stat()
        return fstatat(folder, name, &information, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// Fails where somebody took the name meanwhile.
    private func rename(_ old: String, to new: String) throws(OutputError) {
        let (from, to) = ("\(folderPath)/\(old)", "\(folderPath)/\(new)")
        if ipek_rename_new(from, to) == 0 { return }
        // File systems that know no 'rename unless it is there'.
        if [EINVAL, ENOSYS].contains(errno), !exists(new), renameat(folder, old, folder, new) == 0 { return }
        throw errno == EEXIST ? .exists(path: to) : .writingFailed(path: to, code: errno)
    }

    /// A folder named by where it is gets the name that it has there.
    private static func named(_ path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        guard ["", ".", ".."].contains(last), let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
