import Dispatch
import Glibc
import Provisioning

/// Turns Ctrl-C, and a request to end, into an interruption that the run looks at.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]
    private let signals: [Int32]

    init(_ interruption: Interruption) {
        // 'nohup' asks for a run that outlives its terminal.
        signals = [SIGINT, SIGTERM] + (EndingSignals.isIgnored(SIGHUP) ? [] : [SIGHUP])
        sources = signals.map { number in
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
        EndingSignals.watchAgain(signals)
    }
}
