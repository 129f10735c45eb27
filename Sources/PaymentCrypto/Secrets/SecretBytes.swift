import COpenSSL

/// Secret bytes that live in exactly one place and are overwritten when they go.
///
/// They cannot be copied, printed, dumped or compared in variable time, and outside this module they cannot be read.
public struct SecretBytes: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory is written by the initialiser only, while nobody else has it.
    private let memory: UnsafeMutableRawBufferPointer

    /// Fills `count` bytes in place, so that no clear copy is left behind.
    ///
    /// If `fill` throws, the memory is wiped and the error passed on.
    init<E: Error>(
        count: Int, initializingWith fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        let memory = SecretMemory.allocate(byteCount: count)
        do throws(E) {
            try fill(memory)
        } catch {
            SecretMemory.release(memory)
            throw error
        }
        self.memory = memory
    }

    /// The same bytes in a place of their own.
    init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
    }

    deinit {
        SecretMemory.release(memory)
    }

    /// The number of bytes, which is no secret.
    public var count: Int { memory.count }

    /// The one way to the clear bytes; a word to search for in a review.
    borrowing func withExposedBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeRawBufferPointer(memory))
    }

    /// Whether both hold the same bytes, in time that depends on the length alone.
    borrowing func isEqual(to other: borrowing SecretBytes) -> Bool {
        let mine = memory
        return other.withExposedBytes { theirs in constantTimeEqual(UnsafeRawBufferPointer(mine), theirs) }
    }
}

/// Whether both buffers hold the same bytes, in time that depends on the lengths alone.
func constantTimeEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else { return true }
    return CRYPTO_memcmp(leftStart, rightStart, left.count) == 0
}
