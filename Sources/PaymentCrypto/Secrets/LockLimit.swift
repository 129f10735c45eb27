import Glibc

/// How much memory this process may lock, RLIMIT_MEMLOCK.
enum LockLimit {
    /// Raises what is in force to what may be had without privileges.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }

    /// The limit in bytes, or nil for none; root passes over it.
    static var byteCount: Int? {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        return Int(exactly: limit.rlim_cur)
    }

    private static let resource = __rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue)
}
