import Glibc
import Provisioning
import Synchronization

/// One line on a terminal that is written over again and again: how many, how fast, how long still.
final class ProgressLine: Sendable {
    private struct State {
        var started = 0.0
        var lastShown = 0.0
        var isShown = false
    }

    private let isOn: Bool
    private let state = Mutex(State())

    init(_ console: Console) {
        isOn = console.showsProgress
    }

    /// Shows how far the run is, at most ten times a second.
    func show(_ progress: RunProgress) { show { Self.text(progress, elapsed: $0) } }

    /// The same for a reconciliation.
    func show(_ progress: ReconciliationProgress) { show { _ in Self.text(progress) } }

    private func show(_ text: (_ elapsed: Double) -> String) {
        guard isOn else { return }
        let now = StageClock.now()
        let elapsed: Double? = state.withLock { state in
            if state.started == 0 { state.started = now }
            guard now - state.lastShown >= 0.1 else { return nil }
            (state.lastShown, state.isShown) = (now, true)
            return now - state.started
        }
        guard let elapsed else { return }
        Self.write("\r\u{1B}[K" + text(elapsed))
    }

    /// Takes the line away.
    func clear() {
        guard state.withLock({ $0.isShown }) else { return }
        Self.write("\r\u{1B}[K")
    }

    private static func text(_ progress: RunProgress, elapsed: Double) -> String {
        switch progress {
        case .checking(let devices): return "checking: \(devices) devices"
        case .provisioning(let done, let total): return text("provisioning", done, of: total, elapsed)
        case .verifying(let done, let total): return text("verifying", done, of: total, elapsed)
        }
    }

    private static func text(_ progress: ReconciliationProgress) -> String {
        switch progress {
        case .reading(let devices): "reading the run: \(devices) devices"
        case .returned(let rows): "reading the return: \(rows) rows"
        case .reporting(let done, let total): "comparing: \(done) of \(total)"
        }
    }

    private static func text(_ what: String, _ done: Int, of total: Int, _ elapsed: Double) -> String {
        let share = total > 0 ? min(100, done * 100 / total) : 100
        guard elapsed > 0.5, done > 0 else { return "\(what): \(done) of \(total), \(share) %" }
        let rate = Double(done) / elapsed
        let left = Int((Double(max(0, total - done)) / rate).rounded(.up))
        return "\(what): \(done) of \(total), \(share) %, \(Int(rate)) a second, \(left) s left"
    }

    private static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
