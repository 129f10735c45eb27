import Glibc

/// What the operating system refused, and where.
public struct FileFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was tried: `reading`, `writing`, `making`.
    public let operation: String
    /// The file.
    public let path: String
    /// The system's error number.
    public let code: Int32

    /// A failure with the error number that the last call left.
    init(_ operation: String, _ path: String) {
        self.init(operation, path, code: errno)
    }

    /// A failure with this error number.
    public init(_ operation: String, _ path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Whether the file cannot be made at all, in contrast to a write that failed.
    public var isRefused: Bool { [EACCES, EPERM, EROFS, EEXIST, EBUSY, ENOTDIR, ENOENT, ELOOP].contains(code) }

    /// The file, and the system's own words.
    public var description: String {
        let words = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return "\(operation) \(path) failed: \(words.lowercased())"
    }
}
