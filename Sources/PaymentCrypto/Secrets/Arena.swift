import COpenSSL
import Glibc

/// Hands out pieces of locked pages, and takes them back clear.
///
/// Unchecked: everything that changes is touched only while `mutex` is held.
final class Arena: @unchecked Sendable {
    /// Pieces begin at a cache line of their own, so that workers do not share one.
    static let granule = 64
    /// For single keys, lines of text, and what a few thousand keys of a manifest take.
    static let baseByteCount = 256 << 10
    /// With less a worker would do more for each row than the row itself takes.
    static let leastWorkerByteCount = 4 << 10
    /// From here on a piece is a column of a worker, and comes from the upper end.
    private static let columnByteCount = 4 << 10

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var pages: LockedPages
    private var free = FreeRanges()
    private var mustLock = false
    private var heapIsLocked = true
    private var workerByteCount = Arena.shareOf(LockedArena.standardWorkerByteCount)
    private var exhausted: @Sendable () -> Never = { abort() }

    /// Reserves address space; nil where there is none.
    init?(reserving byteCount: Int) {
        guard let pages = LockedPages(reserving: byteCount) else { return nil }
        self.pages = pages
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Where the arena begins.
    var start: UnsafeMutableRawPointer { pages.start }

    /// See ``LockedArena/prepare(workers:)``.
    func prepare(workers: Int) -> ArenaStatus {
        withLock {
            _ = grow(to: Self.baseByteCount, mustLock: false)
            heapIsLocked = SecureHeap.make()
            let wanted = workers * LockedArena.standardWorkerByteCount
            let least = workers * Self.leastWorkerByteCount
            var room = wanted
            while room >= least, !grow(to: Self.baseByteCount + room, mustLock: true) {
                // The last eighth of what there is may go unused; nobody misses it.
                room -= max(room / 8, LockedPages.pageByteCount)
            }
            if room < least {
                room = wanted
                _ = grow(to: Self.baseByteCount + room, mustLock: false)
            }
            if workers > 0 { workerByteCount = Self.shareOf(room / workers) }
            mustLock = pages.isLocked
            return currentStatus
        }
    }

    /// How it stands.
    var status: ArenaStatus { withLock { currentStatus } }

    /// See ``LockedArena/whenExhausted(_:)``.
    func setExhaustion(_ action: @escaping @Sendable () -> Never) {
        withLock { exhausted = action }
    }

    /// Zeros; never anywhere but in the arena.
    func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer {
        let range = withLock { take(Self.roundedUp(byteCount)) }
        guard let range else { withLock { exhausted }() }
        return UnsafeMutableRawBufferPointer(start: start + range.lowerBound, count: byteCount)
    }

    /// Overwrites the memory and takes it back.
    func release(_ memory: UnsafeMutableRawBufferPointer) {
        guard let first = memory.baseAddress else { return }
        let count = Self.roundedUp(memory.count)
        OPENSSL_cleanse(first, count)
        let offset = UnsafeRawPointer(first) - UnsafeRawPointer(start)
        withLock { free.give(offset..<offset + count) }
    }

    /// Whether a piece of this size can be had now.
    func hasRoom(for byteCount: Int) -> Bool {
        withLock {
            guard let range = take(Self.roundedUp(byteCount)) else { return false }
            free.give(range)
            return true
        }
    }

    // MARK: While the lock is held

    private var currentStatus: ArenaStatus {
        ArenaStatus(
            byteCount: pages.byteCount, isLocked: pages.byteCount > 0 && pages.isLocked && heapIsLocked,
            workerByteCount: workerByteCount, limit: LockLimit.byteCount)
    }

    private func take(_ count: Int) -> Range<Int>? {
        let isColumn = count >= Self.columnByteCount
        if let range = free.take(count, fromEnd: isColumn) { return range }
        let missing = count - free.free(before: pages.byteCount)
        // Generously at first, else no more than is needed.
        let steps = [max(missing, Self.baseByteCount), missing]
        guard
            steps.contains(where: { grow(to: pages.byteCount + $0, mustLock: true) })
                || !mustLock && grow(to: pages.byteCount + missing, mustLock: false)
        else { return nil }
        return free.take(count, fromEnd: isColumn)
    }

    private func grow(to wanted: Int, mustLock: Bool) -> Bool {
        let former = pages.byteCount
        guard pages.grow(to: wanted, mustLock: mustLock) else { return false }
        if pages.byteCount > former {
            LockedArena.noteGrowth(of: self, to: pages.byteCount)
            free.give(former..<pages.byteCount)
        }
        return true
    }

    private func withLock<R>(_ body: () -> R) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    private static func roundedUp(_ count: Int) -> Int { max(1, (count + granule - 1) / granule) * granule }

    /// Some is left over, since pieces of different lengths do not fill the arena to the last byte.
    static func shareOf(_ byteCount: Int) -> Int { byteCount / 8 * 7 }
}
