import PaymentCrypto

/// Reads the entries of one block, one after the other; what is none that the writer makes ends it.
///
/// One owner at a time.
final class IndexBlockReader {
    /// The entry that was read last; its texts are good until the next one is read.
    private(set) var entry = IndexBlockReader.none
    /// Whether the block is none that the writer makes.
    private(set) var isMalformed = false
    private let device = IndexBuffer(capacity: IndexEntry.deviceByteLimit)
    /// The block, in memory that stays where it is.
    private let block = IndexBuffer(capacity: byteLimit)
    private var offset = 0

    /// A block is closed with the entry that makes it long enough.
    static let byteLimit = IndexBlockWriter.blockByteCount + IndexEntry.byteLimit

    private static var none: IndexEntry {
        let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        return IndexEntry(
            device: nothing, slot: nothing, baseKey: 0, place: 0, checkValue: 0, checkValueByteCount: 0)
    }

    func begin(_ bytes: [UInt8]) {
        block.removeAll()
        device.removeAll()
        (offset, entry, isMalformed) = (0, Self.none, bytes.count > block.capacity)
        if !isMalformed { bytes.withUnsafeBufferPointer { block.append($0) } }
    }

    /// Goes to the next entry; false where there is none.
    func next() -> Bool {
        guard offset < block.count, !isMalformed else { return false }
        var cursor = ByteCursor(block.filled, at: offset)
        isMalformed = !read(&cursor)
        offset = cursor.offset
        return !isMalformed
    }

    private func read(_ cursor: inout ByteCursor) -> Bool {
        guard let shared = cursor.byte(), let more = cursor.byte(), Int(shared) <= device.count,
            (1...device.capacity).contains(Int(shared) + Int(more)), let rest = cursor.bytes(Int(more)),
            let counts = cursor.byte(), counts >> 4 <= IndexEntry.slotByteLimit, counts & 15 <= 8,
            let slot = cursor.bytes(Int(counts >> 4)), let key = cursor.number(), let baseKey = UInt32(exactly: key),
            let distance = cursor.number(), let value = cursor.bytes(Int(counts & 15))
        else { return false }
        device.keep(Int(shared))
        device.append(rest)
        let place = entry.place &+ (distance >> 1 ^ (0 &- (distance & 1)))
        var checkValue: UInt64 = 0
        for index in value.indices { checkValue |= UInt64(value[index]) << UInt64(56 - 8 * index) }
        entry = IndexEntry(
            device: device.filled, slot: slot, baseKey: baseKey, place: place, checkValue: checkValue,
            checkValueByteCount: value.count)
        return true
    }
}
