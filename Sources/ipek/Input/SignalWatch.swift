import Dispatch
import Glibc
import Provisioning

/// Turns Ctrl-C, and a request to end, into an interruption that the run looks at.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    init(_ interruption: Interruption) {
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { interruption.request() }
            source.resume()
            return source
        }
    }

    /// Signals end the process again.
    func stop() {
        sources.forEach { $0.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
