/// Some ten thousand entries that wait to be sorted, in memory that is allocated once.
///
/// One owner at a time.
final class IndexBatch {
    /// Where an entry's texts are, and its other values.
    private struct Item {
        var place: UInt64
        var checkValue: UInt64
        var offset: UInt32
        var baseKey: UInt32
        var deviceCount: UInt8
        var slotCount: UInt8
        var checkValueByteCount: UInt8
    }

    private let texts = IndexBuffer(capacity: 2 << 20)
    private let items: UnsafeMutablePointer<Item>
    private var count = 0
    private let order: IndexOrder
    private var isAscending = true

    /// The most entries that may wait.
    private let itemLimit: Int

    init(itemLimit: Int) {
        self.itemLimit = itemLimit
        items = .allocate(capacity: itemLimit)
        order = IndexOrder(capacity: itemLimit)
    }

    deinit {
        items.deallocate()
    }

    /// Whether another entry fits in, whatever its size.
    var hasRoom: Bool {
        count < itemLimit
            && texts.capacity - texts.count >= IndexEntry.deviceByteLimit + IndexEntry.slotByteLimit
    }

    /// Adds an entry; there is room.
    func append(_ entry: IndexEntry) {
        guard count < itemLimit else { return }
        if isAscending, count > 0 {
            let last = items[count - 1]
            isAscending = IndexKey.compare(device(last), slot(last), to: entry.device, entry.slot) < 0
        }
        items[count] = Item(
            place: entry.place, checkValue: entry.checkValue, offset: UInt32(truncatingIfNeeded: texts.count),
            baseKey: entry.baseKey, deviceCount: UInt8(truncatingIfNeeded: entry.device.count),
            slotCount: UInt8(truncatingIfNeeded: entry.slot.count),
            checkValueByteCount: UInt8(truncatingIfNeeded: entry.checkValueByteCount))
        texts.append(entry.device)
        texts.append(entry.slot)
        count += 1
    }

    /// Gives all entries in order, and forgets them.
    func drain(_ body: (IndexEntry) throws -> Void) rethrows {
        if !isAscending { sort() }
        let keys = order.keys
        for index in 0..<count { try body(entry(items[isAscending ? index : Int(keys[index].item)])) }
        count = 0
        texts.removeAll()
        isAscending = true
    }

    private func entry(_ item: Item) -> IndexEntry {
        IndexEntry(
            device: device(item), slot: slot(item), baseKey: item.baseKey, place: item.place,
            checkValue: item.checkValue, checkValueByteCount: Int(item.checkValueByteCount))
    }

    private func sort() {
        let start = commonCount()
        order.removeAll()
        for index in 0..<count {
            order.append(.init(prefix: IndexKey.prefix(of: device(items[index]), from: start), item: UInt32(index)))
        }
        order.sort { left, right in
            let (left, right) = (items[Int(left)], items[Int(right)])
            return IndexKey.compare(device(left), slot(left), to: device(right), slot(right)) < 0
        }
    }

    /// How many bytes all names begin with alike, as those of devices mostly do.
    private func commonCount() -> Int {
        guard count > 0 else { return 0 }
        let first = device(items[0])
        return (1..<count).reduce(first.count) { IndexKey.commonCount(first, device(items[$1]), upTo: $0) }
    }

    private func device(_ item: Item) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: texts.bytes + Int(item.offset), count: Int(item.deviceCount))
    }

    private func slot(_ item: Item) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: texts.bytes + Int(item.offset) + Int(item.deviceCount), count: Int(item.slotCount))
    }
}
