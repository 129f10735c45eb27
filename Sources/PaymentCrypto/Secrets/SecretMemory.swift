import COpenSSL
import Glibc

/// Where clear keys live: one arena, locked in memory, left out of core dumps, wiped as each piece is given back.
///
/// Small pieces come from OpenSSL's secure heap (guard pages, mlock, MADV_DONTDUMP). What does not fit there gets
/// pages of its own with the same protection, as far as RLIMIT_MEMLOCK allows.
enum SecretMemory {
    /// Enough for every single key and for the key columns of four workers; half of Debian's RLIMIT_MEMLOCK (8 MiB).
    static let arenaByteCount = 4 << 20

    /// OpenSSL's answer: 1 made and locked, 2 made but not locked, 0 not made.
    ///
    /// Made once, at the first secret.
    private static let arena: Int32 = CRYPTO_secure_malloc_init(arenaByteCount, 64)

    static func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer {
        let count = max(byteCount, 1)
        // A block larger than an eighth of the arena could leave none for the single keys.
        if arena != 0, count <= arenaByteCount / 8, let memory = ipek_secure_malloc(count) {
            if CRYPTO_secure_allocated(memory) == 1 {
                memset(memory, 0, count)
                return UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
            }
            ipek_secure_clear_free(memory, count)
        }
        return ownPages(byteCount: byteCount)
    }

    /// Overwrites the memory and gives it back.
    static func release(_ memory: UnsafeMutableRawBufferPointer) {
        guard let start = memory.baseAddress else { return }
        if CRYPTO_secure_allocated(start) == 1 {
            ipek_secure_clear_free(start, memory.count)
        } else {
            OPENSSL_cleanse(start, memory.count)
            munmap(start, max(memory.count, 1))
        }
    }

    private static func ownPages(byteCount: Int) -> UnsafeMutableRawBufferPointer {
        let count = max(byteCount, 1)
        guard let start = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED
        else {
            // Out of address space: there is nobody left to tell, and no secret may go to ordinary memory instead.
            abort()
        }
        madvise(start, count, MADV_DONTDUMP)
        mlock(start, count)
        return UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    }
}
