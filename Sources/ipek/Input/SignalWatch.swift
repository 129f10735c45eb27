import Glibc
import Provisioning

/// Turns Ctrl-C, and a request to end, into an interruption that the run looks at.
///
/// By plain handlers, which are in force at once: a Dispatch source takes over some time later, and a signal in between is
/// lost.
final class SignalWatch {
    private let signals: [Int32]

    // Unsafe: a signal handler can take no lock. Written by the main thread only, while the handlers are not in force.
    nonisolated(unsafe) private static var interruption: Unmanaged<Interruption>?

    init(_ interruption: Interruption) {
        // 'nohup' asks for a run that outlives its terminal.
        signals = [SIGINT, SIGTERM] + (EndingSignals.isIgnored(SIGHUP) ? [] : [SIGHUP])
        // Kept for good: a handler may be at work in another thread when the watch ends.
        Self.interruption = Unmanaged.passRetained(interruption)
        for number in signals { signal(number, Self.request) }
    }

    /// Signals end the process again.
    func stop() { EndingSignals.watchAgain(signals) }

    /// An atomic store, which a handler may make.
    private static let request: @convention(c) (Int32) -> Void = { _ in
        SignalWatch.interruption?._withUnsafeGuaranteedRef { $0.request() }
    }
}
