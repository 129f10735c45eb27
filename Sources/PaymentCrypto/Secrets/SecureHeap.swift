import COpenSSL

/// The heap that OpenSSL keeps its own long-lived secrets in: private keys, the states of its random generators.
///
/// It is apart from the arena, since OpenSSL links its free blocks by pointers inside them.
enum SecureHeap {
    /// A power of two, as OpenSSL wants it; room for the generators of 64 threads and dozens of RSA keys.
    static let byteCount = 256 << 10

    /// Makes it, once.
    ///
    /// - Returns: whether it is locked in memory.
    static func make() -> Bool {
        guard CRYPTO_secure_malloc_initialized() == 0 else { return isLocked }
        isLocked = CRYPTO_secure_malloc_init(byteCount, 16) == 1
        // While nothing is taken of it the whole heap is one block, which tells where it is.
        if let whole = ipek_secure_malloc(byteCount) {
            if CRYPTO_secure_allocated(whole) == 1 { start = whole }
            ipek_secure_clear_free(whole, byteCount)
        }
        return isLocked
    }

    // Unsafe: written once, by `make`, whose callers take turns.
    nonisolated(unsafe) private static var isLocked = false

    // Unsafe: a signal handler can take no lock. Written once, by `make`.
    nonisolated(unsafe) static private(set) var start: UnsafeMutableRawPointer?
}
