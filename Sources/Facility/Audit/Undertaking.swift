import Glibc

/// Something whose beginning is in the audit log, and whose end is to come.
///
/// As long as this lives the kernel knows that it goes on, also where the process is killed: it holds a lock on one byte of the
/// log, at the number of its line. Nobody reads or writes there by that lock, and no other lock is touched by it.
public final class Undertaking: Sendable {
    /// The digest of the line that tells of the beginning.
    public let head: AuditHead
    private let log: AuditLog

    /// What follows the action of a command in the line that tells of its beginning.
    public static let actionEnd = " begin"

    init(_ line: (sequence: Int, head: AuditHead), in log: consuming AuditLog) {
        head = line.head
        log.unlock()
        log.mark(line.sequence)
        self.log = log
    }
}

extension AuditLog {
    // Locks of the open file and not of the process, fcntl(2), F_OFD_SETLK and F_OFD_GETLK: glibc shows the names to GNU
    // sources only.
    private static let setLock: Int32 = 37
    private static let getLock: Int32 = 36

    /// Shows others that what the line of this number began goes on.
    fileprivate borrowing func mark(_ sequence: Int) {
        var lock = Self.byteLock(sequence)
        // Without it the event is called unfinished until its end is there, and nothing else depends on it.
        _ = withDescriptor { fcntl($0, Self.setLock, &lock) }
    }

    /// Whether what the line of this number began goes on.
    borrowing func isMarked(_ sequence: Int) -> Bool {
        var lock = Self.byteLock(sequence)
        return withDescriptor { fcntl($0, Self.getLock, &lock) } == 0 && lock.l_type != Int16(F_UNLCK)
    }

    private static func byteLock(_ sequence: Int) -> Glibc.flock {
        Glibc.flock(
            l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: off_t(sequence), l_len: 1, l_pid: 0)
    }
}
