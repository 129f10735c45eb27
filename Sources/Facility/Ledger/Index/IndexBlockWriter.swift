import PaymentCrypto

/// Packs ascending entries into blocks: of each device_id only what differs from the one before, of each serial number
/// the distance.
///
/// One owner at a time.
final class IndexBlockWriter {
    /// A finished block, as the directory tells of it.
    struct Block {
        /// Whether its devices need not come after those of the block before.
        var beginsSegment: Bool
        var firstDevice: [UInt8]
        var firstSlot: [UInt8]
        var byteCount: Int
        var entryCount: Int
        var digest: [UInt8]
    }

    private let file: IndexFile
    private let digest: SHA256Stream
    private let buffer = IndexBuffer(capacity: blockByteCount + IndexEntry.byteLimit)
    private let lastDevice = IndexBuffer(capacity: IndexEntry.deviceByteLimit)
    private let lastSlot = IndexBuffer(capacity: IndexEntry.slotByteLimit)
    private var lastPlace: UInt64 = 0
    private var entryCount = 0
    private var beginsSegment = true
    private var first: (device: [UInt8], slot: [UInt8]) = ([], [])
    private(set) var blocks: [Block] = []
    private(set) var deviceCount = 0

    /// A lookup reads and checks one block.
    static let blockByteCount = 8192

    init(_ file: IndexFile) throws {
        self.file = file
        digest = try SHA256Stream()
    }

    /// Whether an entry may follow the last one in its segment.
    func precedes(_ entry: IndexEntry) -> Bool {
        deviceCount == 0
            || IndexKey.compare(lastDevice.filled, lastSlot.filled, to: entry.device, entry.slot) < 0
    }

    /// Lets any entry follow.
    func beginSegment() throws {
        try closeBlock()
        beginsSegment = true
    }

    /// Adds an entry, which comes after the last one of its segment.
    func append(_ entry: IndexEntry) throws {
        if entryCount == 0 {
            first = (Array(entry.device), Array(entry.slot))
            lastDevice.removeAll()
            lastPlace = 0
        }
        buffer.advance(by: entry.write(to: buffer.end, after: lastDevice.filled, lastPlace))
        note(entry)
        if buffer.count >= Self.blockByteCount { try closeBlock() }
    }

    /// Writes what is left of the last block.
    func closeBlock() throws {
        guard entryCount > 0 else { return }
        try digest.restart()
        try digest.update(UnsafeRawBufferPointer(buffer.filled))
        blocks.append(
            Block(
                beginsSegment: beginsSegment, firstDevice: first.device, firstSlot: first.slot, byteCount: buffer.count,
                entryCount: entryCount,
                digest: try digest.digest().bytes))
        try file.write(buffer.filled)
        buffer.removeAll()
        (entryCount, beginsSegment) = (0, false)
    }

    private func note(_ entry: IndexEntry) {
        lastDevice.removeAll()
        lastDevice.append(entry.device)
        lastSlot.removeAll()
        lastSlot.append(entry.slot)
        lastPlace = entry.place
        entryCount += 1
        deviceCount += 1
    }
}
