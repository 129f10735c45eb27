/// A run that stopped and left what it had done for whoever takes it up.
public struct StoppedRun: Error {
    /// Why it stopped.
    public let cause: any Error
    /// `DIR.incomplete`.
    public let path: String

    /// Whether the operator stopped it.
    public var isInterruption: Bool { cause as? ProvisioningError == .interrupted }

    /// What is there.
    public var description: String { "interrupted; \(path) has what is done" }

    /// What to do about it.
    public var hint: String {
        let isFull = if case .writingFailed(_, _, true) = cause as? OutputError { true } else { false }
        return (isFull ? "make room, then " : "") + "the same command with --resume completes it"
    }
}
