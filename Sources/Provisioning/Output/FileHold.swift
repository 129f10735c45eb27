import Glibc

/// Keeps everybody else who asks for it from a file or a folder, as long as it lives.
public final class FileHold {
    private let descriptor: Int32

    /// Somebody else has it.
    struct InUse: Error {}

    /// Nil where it cannot be opened, or is on a file system without locks.
    init?(_ path: String) throws(InUse) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let isHeld = errno == EWOULDBLOCK
            close(file)
            guard isHeld else { return nil }
            throw InUse()
        }
        descriptor = file
    }

    /// Keeps everybody from going on with a run.
    ///
    /// A run holds its journal from before its serial numbers are reserved until its folder has a name.
    ///
    /// - Parameter output: its `DIR`.
    /// - Returns: nil where there is no `DIR.incomplete` with a journal.
    /// - Throws: `ResumeError.inUse` where the run is still going on.
    public static func ofRun(in output: String) throws(ResumeError) -> FileHold? {
        let folder = output + ".incomplete"
        do { return try FileHold("\(folder)/\(ProgressJournal.fileName)") } catch { throw .inUse(path: folder) }
    }

    deinit {
        // Closing gives back the lock, too.
        close(descriptor)
    }
}
