import Dispatch
import Glibc
import Provisioning

/// Turns Ctrl-C, and a request to end, into an interruption that the run looks at.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]
    private let signals: [Int32]

    init(_ interruption: Interruption) {
        // 'nohup' asks for a run that outlives its terminal.
        signals = [SIGINT, SIGTERM] + (Self.isIgnored(SIGHUP) ? [] : [SIGHUP])
        sources = signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { interruption.request() }
            source.resume()
            return source
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        // SIG_IGN is the address 1, which Swift cannot compare as a function.
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    /// Signals end the process again.
    func stop() {
        sources.forEach { $0.cancel() }
        for number in signals { signal(number, SIG_DFL) }
    }
}
