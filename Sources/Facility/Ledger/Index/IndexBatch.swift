/// Some ten thousand entries that wait to be sorted, in memory that is allocated once.
///
/// One owner at a time.
final class IndexBatch {
    /// Where an entry's texts are, its other values, and eight bytes that decide most comparisons.
    private struct Item {
        var prefix: UInt64 = 0
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
    private var isAscending = true

    /// The most entries that may wait.
    private let itemLimit: Int

    init(itemLimit: Int) {
        self.itemLimit = itemLimit
        items.reserveCapacity(itemLimit)
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
        if !isAscending { sort() }
        for item in items {
            try body(
                IndexEntry(
                    device: device(item), slot: slot(item), baseKey: item.baseKey, place: item.place,
                    checkValue: item.checkValue, checkValueByteCount: Int(item.checkValueByteCount)))
        }
        items.removeAll(keepingCapacity: true)
        texts.removeAll()
        isAscending = true
    }

    private func sort() {
        setPrefixes()
        items.sort { left, right in
            left.prefix != right.prefix
                ? left.prefix < right.prefix
                : IndexKey.compare(device(left), slot(left), to: device(right), slot(right)) < 0
        }
    }

    /// Names of devices mostly begin alike, so the eight bytes are those after what all of them have in common.
    private func setPrefixes() {
        guard let first = items.first.map(device) else { return }
        var common = first.count
        for item in items {
            let device = device(item)
            var count = 0
            while count < min(common, device.count), IndexKey.fold(device[count]) == IndexKey.fold(first[count]) {
                count += 1
            }
            common = count
        }
        for index in items.indices {
            let device = device(items[index])
            var prefix: UInt64 = 0
            for place in common..<common + 8 {
                prefix = prefix << 8 | UInt64(place < device.count ? IndexKey.fold(device[place]) : 0)
            }
            items[index].prefix = prefix
        }
    }

    private func device(_ item: Item) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: texts.bytes + Int(item.offset), count: Int(item.deviceCount))
    }

    private func slot(_ item: Item) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: texts.bytes + Int(item.offset) + Int(item.deviceCount), count: Int(item.slotCount))
    }
}
