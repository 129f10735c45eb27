public import PaymentCrypto

/// What the ledger can refuse, and why.
public enum LedgerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A newer version of the tool has written it.
    case newer(path: String, found: Int, known: Int)
    /// It is not as the tool wrote it.
    case corrupt(path: String, reason: String)
    /// Another process is writing to it, and does not come to an end.
    case locked(path: String)
    /// There is no room for what was to be written; the ledger is as it was.
    case full(path: String)
    /// The operating system refused; the ledger is as it was.
    case inputOutput(path: String, reason: String)
    /// It lacks changes that it had once.
    case rolledBack(path: String, expected: LedgerHead, found: LedgerHead)
    /// A run of this name is in it.
    case runExists(RunIdentifier)
    /// No run of this name is in it.
    case runMissing(RunIdentifier)
    /// The run is not in the state that is needed.
    case wrongState(RunIdentifier, expected: [LedgerRun.State], found: LedgerRun.State)
    /// Another process has reconciled the run since this one began.
    case reconciledMeanwhile(RunIdentifier)
    /// A number cannot be issued again that was not issued.
    case notIssued(InitialKeySerialNumber)

    /// Whether it could not be looked at, and may be whole.
    var leavesContentsUnknown: Bool {
        switch self {
        case .newer, .locked, .full, .inputOutput: true
        default: false
        }
    }

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .newer(let path, let found, let known):
            "\(path): expected ledger version \(known) at most, found \(found)"
        case .corrupt(let path, let reason): "\(path): the ledger is damaged: \(reason)"
        case .locked(let path): "\(path): another process is changing the ledger"
        case .full(let path): "\(path): no room left on the disk; the ledger is as it was"
        case .inputOutput(let path, let reason): "\(path): \(reason)"
        case .rolledBack(let path, let expected, let found):
            "\(path): expected the ledger to have change \(expected.revision), \(expected.digest), found another history"
                + " of \(found.revision) \(found.revision == 1 ? "change" : "changes")"
        case .runExists(let run): "run \(run) is in the ledger already"
        case .runMissing(let run): "there is no run \(run) in the ledger"
        case .wrongState(let run, let expected, let found):
            "run \(run): expected \(expected.map(\.rawValue).joined(separator: " or ")), found \(found.rawValue)"
        case .reconciledMeanwhile(let run): "run \(run) was reconciled by another process meanwhile"
        case .notIssued(let number): "key serial number \(number) was not issued before, so not again either"
        }
    }
}
