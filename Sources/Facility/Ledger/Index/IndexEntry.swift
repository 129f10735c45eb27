import PaymentCrypto

/// One device of a run's index, in plain memory: it is written and read millions of times.
///
/// Texts are in buffers of whoever made the entry.
struct IndexEntry {
    var device: UnsafeBufferPointer<UInt8>
    var slot: UnsafeBufferPointer<UInt8>
    /// Which of the run's base derivation keys.
    var baseKey: UInt32
    /// See `InitialKeySerialNumber.place`.
    var place: UInt64
    /// The check value's bytes, left aligned.
    var checkValue: UInt64
    var checkValueByteCount: Int

    static let deviceByteLimit = 64
    static let slotByteLimit = 8

    /// The most bytes that an entry takes in a block.
    static let byteLimit = 2 + deviceByteLimit + 1 + slotByteLimit + 5 + 10 + 8
}

/// Bytes of a fixed size that are filled from the front, allocated once.
///
/// One owner at a time.
final class IndexBuffer {
    let bytes: UnsafeMutablePointer<UInt8>
    let capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        bytes = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit {
        bytes.deallocate()
    }

    var filled: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: count) }

    func removeAll() { count = 0 }

    func removeLast() { count = max(0, count - 1) }

    /// Room has been made sure of by the caller.
    @inline(__always)
    func append(_ byte: UInt8) {
        bytes[count] = byte
        count += 1
    }

    @inline(__always)
    func append(_ more: UnsafeBufferPointer<UInt8>) {
        guard let start = more.baseAddress else { return }
        (bytes + count).update(from: start, count: more.count)
        count += more.count
    }

    @inline(__always)
    func append(variableLength number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
