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

    /// Writes what differs from the entry before, as it stands in a block; returns how many bytes that is.
    ///
    /// There is room for ``byteLimit`` bytes.
    func write(
        to start: UnsafeMutablePointer<UInt8>, after last: UnsafeBufferPointer<UInt8>, _ lastPlace: UInt64
    ) -> Int {
        let shared = sharedCount(with: last)
        var end = start
        Self.put(UInt8(truncatingIfNeeded: shared), at: &end)
        Self.put(UInt8(truncatingIfNeeded: device.count - shared), at: &end)
        Self.put(UnsafeBufferPointer(rebasing: device[shared...]), at: &end)
        Self.put(UInt8(truncatingIfNeeded: slot.count << 4 | checkValueByteCount), at: &end)
        Self.put(slot, at: &end)
        Self.put(variableLength: UInt64(baseKey), at: &end)
        let distance = Int64(bitPattern: place &- lastPlace)
        Self.put(variableLength: UInt64(bitPattern: distance << 1 ^ distance >> 63), at: &end)
        for index in 0..<checkValueByteCount {
            Self.put(UInt8(truncatingIfNeeded: checkValue >> UInt64(56 - 8 * index)), at: &end)
        }
        return end - start
    }

    private func sharedCount(with last: UnsafeBufferPointer<UInt8>) -> Int {
        let limit = min(device.count, last.count)
        var count = 0
        while count < limit, device[count] == last[count] { count += 1 }
        return count
    }

    @inline(__always)
    private static func put(_ byte: UInt8, at end: inout UnsafeMutablePointer<UInt8>) {
        end.pointee = byte
        end += 1
    }

    @inline(__always)
    private static func put(_ bytes: UnsafeBufferPointer<UInt8>, at end: inout UnsafeMutablePointer<UInt8>) {
        for byte in bytes { put(byte, at: &end) }
    }

    @inline(__always)
    private static func put(variableLength number: UInt64, at end: inout UnsafeMutablePointer<UInt8>) {
        var rest = number
        while rest >= 0x80 {
            put(UInt8(truncatingIfNeeded: rest) | 0x80, at: &end)
            rest >>= 7
        }
        put(UInt8(truncatingIfNeeded: rest), at: &end)
    }
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

    /// Forgets everything after the first `count` bytes.
    func keep(_ count: Int) { self.count = min(self.count, count) }

    /// Where the next byte goes; ``advance(by:)`` tells how many were written.
    var end: UnsafeMutablePointer<UInt8> { bytes + count }

    func advance(by written: Int) { count += written }

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
}
