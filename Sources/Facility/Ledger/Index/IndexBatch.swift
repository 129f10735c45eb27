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
    private var items: [Item] = []
    private let order: IndexOrder
    private var isAscending = true

    /// The most entries that may wait.
    private let itemLimit: Int

    init(itemLimit: Int) {
        self.itemLimit = itemLimit
        items.reserveCapacity(itemLimit)
        order = IndexOrder(capacity: itemLimit)
    }

    /// Whether another entry fits in, whatever its size.
    var hasRoom: Bool {
        items.count < itemLimit
            && texts.capacity - texts.count >= IndexEntry.deviceByteLimit + IndexEntry.slotByteLimit
    }

    func append(_ entry: IndexEntry) {
        let item = Item(
            place: entry.place, checkValue: entry.checkValue, offset: UInt32(truncatingIfNeeded: texts.count),
            baseKey: entry.baseKey, deviceCount: UInt8(truncatingIfNeeded: entry.device.count),
            slotCount: UInt8(truncatingIfNeeded: entry.slot.count),
            checkValueByteCount: UInt8(truncatingIfNeeded: entry.checkValueByteCount))
        if isAscending, let last = items.last {
            isAscending = IndexKey.compare(device(last), slot(last), to: entry.device, entry.slot) < 0
        }
        texts.append(entry.device)
        texts.append(entry.slot)
        items.append(item)
    }

    /// Gives all entries in order, and forgets them.
    func drain(_ body: (IndexEntry) throws -> Void) rethrows {
        if isAscending {
            for item in items { try body(entry(item)) }
        } else {
            sort()
            for key in order.keys { try body(entry(items[Int(key.item)])) }
        }
        items.removeAll(keepingCapacity: true)
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
        for index in items.indices {
            order.append(.init(prefix: IndexKey.prefix(of: device(items[index]), from: start), item: UInt32(index)))
        }
        order.sort { left, right in
            let (left, right) = (items[Int(left)], items[Int(right)])
            return IndexKey.compare(device(left), slot(left), to: device(right), slot(right)) < 0
        }
    }

    /// How many bytes all names begin with alike, as those of devices mostly do.
    private func commonCount() -> Int {
        guard let first = items.first.map(device) else { return 0 }
        return items.reduce(first.count) { IndexKey.commonCount(first, device($1), upTo: $0) }
    }

    private func device(_ item: Item) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: texts.bytes + Int(item.offset), count: Int(item.deviceCount))
    }

    private func slot(_ item: Item) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: texts.bytes + Int(item.offset) + Int(item.deviceCount), count: Int(item.slotCount))
    }
}
