import Glibc

/// Opens a file that a person has named; every such path goes through here.
public enum InputDescriptor {
    /// A descriptor of one's own, or -1 with `errno`.
    ///
    /// A name of an open descriptor (`/dev/stdin`, `/dev/fd/3`, what the shell makes of `<(command)`) is that very
    /// descriptor, with its position, so that one can give several lines in turn. It has to be: a process that forbids
    /// core dumps may not open what is under its own /proc, unless it is root's.
    public static func open(_ path: String, _ flags: Int32) -> Int32 {
        guard let shared = number(in: path) else { return Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY) }
        return fcntl(shared, F_DUPFD_CLOEXEC, 0)
    }

    /// The descriptor that a path stands for.
    static func number(in path: String) -> Int32? {
        if path == "/dev/stdin" { return STDIN_FILENO }
        for prefix in ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/\(getpid())/fd/"]
        where path.hasPrefix(prefix) {
            let digits = path.utf8.dropFirst(prefix.utf8.count)
            guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
                return nil
            }
            return Int32(String(digits) ?? "")
        }
        return nil
    }
}
