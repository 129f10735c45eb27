import PaymentCrypto

/// Reads the entries of one block, one after the other; what is none that the writer makes ends it.
///
/// One owner at a time.
final class IndexBlockReader {
    private let device = IndexBuffer(capacity: IndexEntry.deviceByteLimit)
    private var bytes: [UInt8] = []
    private var offset = 0
    private var slotRange = 0..<0
    private var place: UInt64 = 0
    private var baseKey: UInt32 = 0
    private var checkValue: UInt64 = 0
    private var checkValueByteCount = 0
    /// Whether the block is none that the writer makes.
    private(set) var isMalformed = false

    func begin(_ bytes: [UInt8]) {
        self.bytes = bytes
        (offset, place, isMalformed) = (0, 0, false)
        device.removeAll()
    }

    /// Goes to the next entry; false where there is none.
    func next() -> Bool {
        guard offset < bytes.count, !isMalformed else { return false }
        isMalformed = !readDevice() || !readRest()
        return !isMalformed
    }

    /// The entry that was read last; its texts are good until the next one is read.
    func withEntry<R>(_ body: (IndexEntry) throws -> R) rethrows -> R {
        try bytes.withUnsafeBufferPointer { bytes in
            try body(
                IndexEntry(
                    device: device.filled, slot: UnsafeBufferPointer(rebasing: bytes[slotRange]), baseKey: baseKey,
                    place: place, checkValue: checkValue, checkValueByteCount: checkValueByteCount))
        }
    }

    private func readDevice() -> Bool {
        guard bytes.count - offset >= 2 else { return false }
        let (shared, more) = (Int(bytes[offset]), Int(bytes[offset + 1]))
        offset += 2
        guard shared <= device.count, (1...device.capacity).contains(shared + more), bytes.count - offset >= more else {
            return false
        }
        device.keep(shared)
        bytes.withUnsafeBufferPointer { device.append(UnsafeBufferPointer(rebasing: $0[offset..<offset + more])) }
        offset += more
        return true
    }

    private func readRest() -> Bool {
        guard offset < bytes.count else { return false }
        let (slotCount, valueCount) = (Int(bytes[offset] >> 4), Int(bytes[offset] & 15))
        offset += 1
        guard slotCount <= IndexEntry.slotByteLimit, valueCount <= 8, bytes.count - offset >= slotCount else {
            return false
        }
        slotRange = offset..<offset + slotCount
        offset += slotCount
        guard let key = VariableLength.read(bytes, &offset), let number = UInt32(exactly: key),
            let distance = VariableLength.read(bytes, &offset), bytes.count - offset >= valueCount
        else { return false }
        baseKey = number
        place = place &+ (distance >> 1 ^ (0 &- (distance & 1)))
        checkValue = 0
        for index in 0..<valueCount { checkValue |= UInt64(bytes[offset + index]) << UInt64(56 - 8 * index) }
        checkValueByteCount = valueCount
        offset += valueCount
        return true
    }
}

extension IndexBuffer {
    /// Forgets everything after the first `count` bytes.
    func keep(_ count: Int) {
        while self.count > count { removeLast() }
    }
}
