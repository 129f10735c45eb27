import Glibc

/// Where secrets get their memory: pieces of the one arena (see ``LockedArena``), wiped as each is given back.
enum SecretMemory {
    /// Made at the first secret, unless the program has made it before.
    static let arena = makeArena()

    /// Zeros.
    static func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer { arena.allocate(byteCount: byteCount) }

    /// Overwrites the memory and gives it back.
    static func release(_ memory: UnsafeMutableRawBufferPointer) { arena.release(memory) }

    /// Refuses what there is no room for, where a caller can still say so.
    static func checkRoom(for byteCount: Int) throws(EngineError) {
        guard arena.hasRoom(for: byteCount) else {
            throw EngineError(.operationFailed("taking \(byteCount) bytes of locked memory"))
        }
    }

    /// Address space costs nothing; the most is for as many workers as there may be.
    private static let reservations = [1 << 30, 64 << 20, 4 << 20]

    private static func makeArena() -> Arena {
        for byteCount in reservations {
            if let arena = Arena(reserving: byteCount) { return arena }
        }
        // There is nobody to tell yet, and no secret may go to ordinary memory instead.
        abort()
    }
}
