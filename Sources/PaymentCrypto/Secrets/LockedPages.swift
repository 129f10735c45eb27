import COpenSSL
import Glibc

/// A stretch of address space whose first part can be used: locked in memory, left out of core dumps, empty in child
/// processes, with pages that nobody may touch before and behind it.
struct LockedPages: ~Copyable {
    /// Where the usable part begins.
    let start: UnsafeMutableRawPointer
    /// The length of the usable part.
    private(set) var byteCount = 0
    /// Whether all of it is locked.
    private(set) var isLocked = true
    private let reserved: Int

    static let pageByteCount = max(4096, Int(sysconf(Int32(_SC_PAGESIZE))))

    /// Reserves address space and uses none of it yet; nil where there is none.
    init?(reserving byteCount: Int) {
        let page = Self.pageByteCount
        let whole = byteCount + 2 * page
        guard
            let first = mmap(nil, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
            first != MAP_FAILED
        else { return nil }
        madvise(first, whole, MADV_DONTDUMP)
        // A child process that lives on without its own program must not have the keys, too.
        madvise(first, whole, MADV_WIPEONFORK)
        start = first + page
        reserved = byteCount
    }

    deinit {
        OPENSSL_cleanse(start, byteCount)
        munmap(start - Self.pageByteCount, reserved + 2 * Self.pageByteCount)
    }

    /// Makes the usable part longer, by whole pages; false where nothing came of it.
    ///
    /// - Parameter mustLock: whether to do without rather than to take pages that are not locked.
    mutating func grow(to wanted: Int, mustLock: Bool) -> Bool {
        let page = Self.pageByteCount
        let total = (wanted + page - 1) / page * page
        guard total > byteCount else { return true }
        let (added, count) = (start + byteCount, total - byteCount)
        guard total <= reserved, mprotect(added, count, PROT_READ | PROT_WRITE) == 0 else { return false }
        let locked = mlock(added, count) == 0
        guard locked || !mustLock else {
            // A part of it may be locked all the same.
            munlock(added, count)
            mprotect(added, count, PROT_NONE)
            return false
        }
        isLocked = isLocked && locked
        byteCount = total
        return true
    }
}
