import PaymentCrypto
import Synchronization
import TokenEngine

/// A vault whose questions and warnings a test can look at.
final class TestVault: Sendable {
    private let askedFor = Mutex<[String]>([])
    private let warned = Mutex<[String]>([])
    private let typed: String

    /// - Parameter typed: what is typed when a PIN is asked for.
    init(typed: String = "") {
        self.typed = typed
    }

    var questions: [String] { askedFor.withLock { $0 } }
    var warnings: [String] { warned.withLock { $0 } }

    func warn(_ warning: String) { warned.withLock { $0.append(warning) } }

    func makeVault() -> TokenVault {
        TokenVault { token in
            self.askedFor.withLock { $0.append(token) }
            var line = SecretLine()
            for byte in self.typed.utf8 { _ = line.append(byte) }
            return line
        } warn: { warning in
            self.warn(warning)
        }
    }
}
