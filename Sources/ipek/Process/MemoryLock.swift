import Facility
import PaymentCrypto

/// What is said, and refused, where the memory for keys could not be locked.
enum MemoryLock {
    static let remedy = "'ulimit -l \(ArenaStatus.sufficientLimit >> 10)', or LimitMEMLOCK=8M of a service"

    /// Before the first secret: a warning on a test site, a refusal on a production site.
    static func check(for environment: SiteEnvironment, _ console: Console) throws {
        let status = LockedArena.status
        guard !status.isLocked else { return }
        let hint = "raise the limit (\(remedy)), and switch swap off"
        guard environment == .test else {
            throw CommandFailure(
                .refused, "\(found(status)); a production site does not work with keys like that", hint: hint)
        }
        console.warn("\(found(status)); keys can get into swap space", hint: hint)
    }

    /// What is the matter, in words.
    static func found(_ status: ArenaStatus) -> String {
        let limit = status.limit.map { "the limit is \($0 >> 10) KiB" } ?? "the system refuses"
        return "the memory for keys cannot be locked: \(limit)"
    }
}
