import Glibc

/// Why an output could not be made; equal by kind.
public enum OutputError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Something with this name is there already.
    case exists(path: String)
    /// An interrupted run left this folder.
    case incompleteExists(path: String)
    /// Something has that folder's name and is nothing that an interrupted run leaves.
    case incompleteIsNoRun(path: String)
    /// It cannot be made here.
    case cannotMake(path: String, reason: String)
    /// Writing failed half way: the disk is full, or broken.
    case writingFailed(path: String, reason: String, isFull: Bool = false)
    /// What was written cannot be read back.
    case readingFailed(path: String, reason: String)

    static func cannotMake(path: String, code: Int32) -> OutputError {
        .cannotMake(path: path, reason: String(cString: strerror(code)).lowercased())
    }

    static func writingFailed(path: String, code: Int32) -> OutputError {
        .writingFailed(
            path: path, reason: String(cString: strerror(code)).lowercased(),
            isFull: [ENOSPC, EDQUOT, EFBIG].contains(code))
    }

    static func readingFailed(path: String, code: Int32) -> OutputError {
        .readingFailed(path: path, reason: String(cString: strerror(code)).lowercased())
    }

    /// What and why.
    public var description: String {
        switch self {
        case .exists(let path): "\(path) exists already"
        case .incompleteExists(let path): "\(path) exists: an earlier run was interrupted"
        case .incompleteIsNoRun(let path): "\(path) exists, and is no interrupted run"
        case .cannotMake(let path, let reason): "\(path) cannot be made: \(reason)"
        case .writingFailed(let path, let reason, _): "writing \(path) failed: \(reason)"
        case .readingFailed(let path, let reason): "reading \(path) failed: \(reason)"
        }
    }

    /// What to do about it.
    public var hint: String? {
        switch self {
        case .exists: "name a folder that does not exist yet"
        case .incompleteExists: "the same command with --resume completes it"
        case .incompleteIsNoRun: "remove or rename it"
        case .cannotMake, .readingFailed: nil
        case .writingFailed(_, _, let isFull):
            isFull ? "make room, then run again; nothing was left behind" : "nothing was left behind"
        }
    }
}
