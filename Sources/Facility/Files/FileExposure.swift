import Glibc

/// A file or folder of a site that somebody else could read, change or exchange.
public struct FileExposure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    public enum Fault: Equatable, Sendable {
        /// It belongs to another user, root's own not excepted.
        case owner(found: UInt32, expected: UInt32)
        /// Others may read or write it.
        case mode(found: UInt32, expected: UInt32)
        /// It is a link, a pipe or the like.
        case noFile
    }

    /// Where it is.
    public let path: String
    /// What is wrong with it.
    public let fault: Fault

    /// Expected and found.
    public var description: String {
        switch fault {
        case .owner(let found, let expected): "\(path): expected user \(expected) as its owner, found \(found)"
        case .mode(let found, let expected):
            "\(path): expected mode \(Self.octal(expected)), found \(Self.octal(found))"
        case .noFile: "\(path): expected a regular file"
        }
    }

    /// What can be done about it.
    public var remedy: String {
        switch fault {
        case .owner(let found, let expected):
            "work as the user that the site belongs to (\(found)), or make it yours: chown -R \(expected)"
        case .mode(_, let expected): "chmod \(Self.octal(expected)), and find out who could read it until now"
        case .noFile: "take the file from a backup, and find out who put this in its place"
        }
    }

    private static func octal(_ mode: UInt32) -> String { String(mode, radix: 8) }

    /// Nil for a folder, or a regular file, that belongs to the caller and is closed to everybody else.
    init?(_ path: String, _ status: stat, isFolder: Bool) {
        let fault: Fault
        let user = geteuid()
        let permissions = status.st_mode & 0o7777
        if status.st_mode & S_IFMT != (isFolder ? S_IFDIR : S_IFREG) {
            fault = .noFile
        } else if status.st_uid != user {
            fault = .owner(found: status.st_uid, expected: user)
        } else if permissions & 0o077 != 0 {
            fault = .mode(found: permissions, expected: permissions & 0o700)
        } else {
            return nil
        }
        self.init(path: path, fault: fault)
    }

    /// The same for a folder that cannot even be opened.
    init?(folder path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(path, status, isFolder: true)
    }

    init(path: String, fault: Fault) {
        self.path = path
        self.fault = fault
    }

    init(noFileAt path: String) {
        self.init(path: path, fault: .noFile)
    }
}
