/// Why a run cannot be reconciled; nothing was written.
public enum ReconciliationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such folder.
    case folderMissing(path: String, isIncomplete: Bool)
    /// The folder is none that a run made.
    case notARun(path: String, reason: String)
    /// Another process reconciles the run.
    case inUse(path: String)
    /// A file cannot be read to its end.
    case readingFailed(path: String, ManifestReadError)
    /// A file of the run cannot be opened.
    case unreadable(path: String, reason: String)
    /// A file of the run is not what the run wrote.
    case altered(path: String)
    /// The list of the run's files is not the one that the ledger knows.
    case notAsIssued(path: String, run: String)
    /// A file of the run says what no run writes.
    case bad(path: String, line: Int?, reason: String)
    /// Memory for every device of the run cannot be had.
    case outOfMemory(devices: Int)

    /// Expected and found.
    public var description: String {
        switch self {
        case .folderMissing(let path, _): "\(path) does not exist"
        case .notARun(let path, let reason): "\(path) is no run's folder: \(reason)"
        case .inUse(let path): "\(path) is in use: another process reconciles the run"
        case .readingFailed(let path, let error): "\(path) \(error)"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .altered(let path): "\(path) was changed: expected the digest in SHA256SUMS, found another"
        case .notAsIssued(let path, let run): "\(path) is not the one that the ledger has of run \(run)"
        case .bad(let path, let line, let reason): "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)"
        case .outOfMemory(let devices): "out of memory for \(devices) devices"
        }
    }

    /// Says of which file reading has failed.
    static func converting<R>(
        _ path: String, _ body: () throws(ManifestReadError) -> R
    ) throws(ReconciliationError) -> R {
        do { return try body() } catch { throw .readingFailed(path: path, error) }
    }

    /// What to do about it.
    public var hint: String? {
        switch self {
        case .folderMissing(_, isIncomplete: true): "the run was interrupted, so nothing of it was handed out"
        case .inUse: "nothing was recorded; start again when it has ended"
        case .folderMissing, .notARun: "name the folder that 'ipek provision --output' made"
        case .altered, .notAsIssued, .bad: "'ipek verify' tells what else was changed; take the folder from a backup"
        default: nil
        }
    }
}
