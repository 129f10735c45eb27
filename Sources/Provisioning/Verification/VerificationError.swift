import Glibc

/// Why a run cannot be looked at again; what differs in it is no error but part of the ``VerifyReport``.
public enum VerificationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is nothing at this path.
    case missing(path: String)
    /// What is there is no folder of a run.
    case noRun(path: String, reason: String)
    /// The run did not get to its end.
    case unfinished(path: String)
    /// A key of the run is not in the keyring, so that its key blocks cannot be opened.
    case keyMissing(name: String, checkValue: String)
    /// The system refused to read on.
    case readingFailed(path: String, reason: String)
    /// A digest could not be computed.
    case digestFailed(String)
    /// The operator stopped it.
    case interrupted

    static func readingFailed(path: String, code: Int32) -> VerificationError {
        .readingFailed(path: path, reason: String(cString: strerror(code)).lowercased())
    }

    /// Expected and found.
    public var description: String {
        switch self {
        case .missing(let path): "there is nothing at \(path)"
        case .noRun(let path, let reason): "\(path): expected the folder of a finished run, found \(reason)"
        case .unfinished(let path): "\(path): expected the folder of a finished run, found one that was interrupted"
        case .keyMissing(let name, let checkValue):
            "there is no key '\(name)' with check value \(checkValue) in the keyring, and the run's key blocks are under it"
        case .readingFailed(let path, let reason): "reading \(path) failed: \(reason)"
        case .digestFailed(let reason): reason
        case .interrupted: "interrupted; nothing was written"
        }
    }

    /// What to do about it.
    public var hint: String? {
        switch self {
        case .missing, .noRun: "name the folder that 'ipek provision --output' made"
        case .unfinished: "it was not handed out as complete"
        case .keyMissing: "'ipek key list' shows what is there; a retired key still verifies, a removed one does not"
        default: nil
        }
    }
}
