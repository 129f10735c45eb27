import COpenSSL
import Glibc

/// The one place for clear keys: an arena that is locked in memory, left out of core dumps, and wiped.
///
/// A program makes it at its start, before there is any secret, and looks at what came of it. Without that it is made at
/// the first secret and grows as it is needed.
public enum LockedArena {
    /// What each worker gets where the limit on locked memory allows it: room for a chunk of rows.
    public static let standardWorkerByteCount = 512 << 10

    /// What of it a worker may use; see ``ArenaStatus/workerByteCount``.
    public static let fullWorkerByteCount = Arena.shareOf(standardWorkerByteCount)

    /// Makes the arena, with room for single keys and for so many workers.
    ///
    /// Where the limit on locked memory does not allow that, each worker gets less, and works on fewer rows at a time.
    /// From now on what cannot be locked is refused, unless nothing could be locked at all.
    @discardableResult
    public static func prepare(workers: Int) -> ArenaStatus {
        LockLimit.raise()
        return SecretMemory.arena.prepare(workers: workers)
    }

    /// How it stands now.
    public static var status: ArenaStatus { SecretMemory.arena.status }

    /// How much of it each worker may use.
    public static var workerByteCount: Int { SecretMemory.arena.status.workerByteCount }

    /// What is done when a secret has no place any more; nothing else may run afterwards.
    ///
    /// The default is to abort.
    public static func whenExhausted(_ action: @escaping @Sendable () -> Never) {
        SecretMemory.arena.setExhaustion(action)
    }

    /// Overwrites all of it, whoever still has a secret there: for the last moments of a process.
    ///
    /// May be called from a signal handler; the arena must have been made by then.
    public static func wipe() {
        guard let start = wipeableStart else { return }
        OPENSSL_cleanse(start, wipeableByteCount)
    }

    /// The same, with the heap that OpenSSL has for private keys: nothing of OpenSSL may be called afterwards.
    ///
    /// May be called from a signal handler that ends the process.
    public static func wipeForGood() {
        wipe()
        guard let start = SecureHeap.start else { return }
        OPENSSL_cleanse(start, SecureHeap.byteCount)
    }

    // Unsafe: a signal handler can take no lock. Written while the arena's own lock is held; the start before the
    // length, and the length before anybody has memory in that part.
    nonisolated(unsafe) static var wipeableStart: UnsafeMutableRawPointer?
    // Unsafe: see above.
    nonisolated(unsafe) static var wipeableByteCount = 0

    /// Called whenever an arena has become longer.
    static func noteGrowth(of arena: Arena, to byteCount: Int) {
        guard arena === SecretMemory.arena else { return }
        wipeableStart = arena.start
        wipeableByteCount = byteCount
    }
}

/// How the arena of clear keys stands.
public struct ArenaStatus: Equatable, Sendable {
    /// Its length at present.
    public let byteCount: Int
    /// Whether all of it is locked in memory.
    public let isLocked: Bool
    /// What each worker may use of it.
    public let workerByteCount: Int
    /// The limit on locked memory, nil for none.
    public let limit: Int?

    /// The least limit with which a few workers have what they need.
    public static let sufficientLimit = 8 << 20
}
