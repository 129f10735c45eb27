/// Why a run cannot be taken up; equal by kind.
public enum ResumeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no `DIR.incomplete`.
    case missing(path: String)
    /// Another process is at work in it.
    case inUse(path: String)
    /// Others can write in it or read it, or it is another user's.
    case exposed(path: String, found: String, isOwn: Bool)
    /// It is not what a run leaves, or not what its journal says.
    case damaged(path: String, reason: String)
    /// The run was asked for something else.
    case different(what: String, expected: String, found: String)
    /// The run was begun with another manifest.
    case otherManifest(expected: String, found: String)
    /// The run's serial numbers were given back, or retired.
    case voided(run: String, state: String)

    /// Expected and found.
    public var description: String {
        switch self {
        case .missing(let path): "\(path) does not exist: there is no run to resume"
        case .inUse(let path): "\(path) is in use: its run is still going on"
        case .exposed(let path, let found, _):
            "\(path): expected a folder of the caller's own, closed to others, found \(found)"
        case .damaged(let path, let reason): "\(path): \(reason)"
        case .different(let what, let expected, let found):
            "--resume: the run was begun with \(what) \(Self.shown(expected)), found \(Self.shown(found))"
        case .otherManifest(let expected, let found):
            "--resume: the manifest is not that of the run: expected SHA-256 \(expected), found \(found)"
        case .voided(let run, let state): "--resume: run \(run) was voided: its key serial numbers are \(state)"
        }
    }

    /// What to do about it.
    public var hint: String? {
        switch self {
        case .missing: "leave --resume out to begin a run"
        case .inUse: nil
        case .exposed(let path, _, isOwn: true): "'chmod 700 \(path)' closes it, once you know who was in there"
        case .exposed: "its owner can resume the run"
        case .damaged: "'ipek ledger void RUN' gives its key serial numbers back; remove the folder and run again"
        case .different, .otherManifest:
            "give the same as before, or remove the folder and void the run with 'ipek ledger void'"
        case .voided: "remove the folder and run again"
        }
    }

    private static func shown(_ value: String) -> String { value.isEmpty ? "none" : "'\(value)'" }
}
