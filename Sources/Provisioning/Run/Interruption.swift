import Dispatch
import Glibc
import Synchronization

/// Whether the operator pressed Ctrl-C: the run looks at it between chunks and stops cleanly.
public final class Interruption: Sendable {
    private let requested = Atomic(false)

    /// An interruption that nobody has asked for yet.
    public init() {}

    /// Whether the run should stop.
    public var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// Asks the run to stop.
    public func request() { requested.store(true, ordering: .relaxed) }
}
