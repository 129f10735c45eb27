/// Sorts places by eight bytes each, in memory that is allocated once.
///
/// One owner at a time.
final class IndexOrder {
    /// Eight bytes, the most significant first, and whose they are.
    struct Key {
        var prefix: UInt64
        var item: UInt32
    }

    private let first: UnsafeMutablePointer<Key>
    private let second: UnsafeMutablePointer<Key>
    /// Where the keys are, in turn.
    private var isInSecond = false
    private let capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        (first, second) = (.allocate(capacity: capacity), .allocate(capacity: capacity))
        self.capacity = capacity
    }

    deinit {
        first.deallocate()
        second.deallocate()
    }

    /// The keys; after `sort` in order.
    var keys: UnsafeMutableBufferPointer<Key> {
        UnsafeMutableBufferPointer(start: isInSecond ? second : first, count: count)
    }

    func removeAll() { count = 0 }

    /// Adds a key, as long as there is room.
    func append(_ key: Key) {
        guard count < capacity else { return }
        (isInSecond ? second : first)[count] = key
        count += 1
    }

    /// Radix sort, least significant byte first; a byte that all keys share costs nothing.
    ///
    /// - Parameter precedes: decides where the eight bytes are the same.
    func sort(ties precedes: (UInt32, UInt32) -> Bool) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 8 * 256) { histograms in
            histograms.initialize(repeating: 0)
            for key in keys {
                for byte in 0..<8 { histograms[byte << 8 | Self.digit(key, byte)] += 1 }
            }
            for byte in 0..<8 {
                pass(byte, UnsafeMutableBufferPointer(rebasing: histograms[byte << 8..<(byte + 1) << 8]))
            }
        }
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, keys[end].prefix == keys[start].prefix { end += 1 }
            if end - start > 1 {
                var equal = UnsafeMutableBufferPointer(rebasing: keys[start..<end])
                equal.sort { precedes($0.item, $1.item) }
            }
            start = end
        }
    }

    private func pass(_ byte: Int, _ histogram: UnsafeMutableBufferPointer<Int>) {
        var place = 0
        for digit in histogram.indices {
            if histogram[digit] == count { return }
            (histogram[digit], place) = (place, place + histogram[digit])
        }
        let (source, target) = isInSecond ? (second, first) : (first, second)
        for index in 0..<count {
            let digit = Self.digit(source[index], byte)
            target[histogram[digit]] = source[index]
            histogram[digit] += 1
        }
        isInSecond.toggle()
    }

    @inline(__always)
    private static func digit(_ key: Key, _ byte: Int) -> Int {
        Int(truncatingIfNeeded: key.prefix >> UInt64(8 * byte)) & 255
    }
}
