import Glibc

/// There is no memory for a column.
public struct OutOfMemory: Error, Equatable, Sendable {}

/// Eight bytes per device, in one plain block of memory.
///
/// `realloc` moves a large block by changing the page table, so growing does not need twice the memory, and pages that
/// were never written take none. One owner at a time.
public final class NumberColumn {
    /// How many numbers there are.
    public private(set) var count = 0
    private var capacity = 0
    private var memory: UnsafeMutablePointer<UInt64>?

    /// No number.
    public init() {}

    deinit {
        free(memory)
    }

    /// The numbers, as long as nothing is changed.
    public var values: UnsafeBufferPointer<UInt64> { UnsafeBufferPointer(start: memory, count: count) }

    /// Adds numbers at the end.
    public func append(_ more: UnsafeBufferPointer<UInt64>) throws(OutOfMemory) {
        guard let source = more.baseAddress, !more.isEmpty else { return }
        if count + more.count > capacity { try resize(to: max(65_536, capacity + capacity / 2, count + more.count)) }
        guard let memory else { return }
        (memory + count).update(from: source, count: more.count)
        count += more.count
    }

    /// Forgets the numbers and gives their memory back.
    public func removeAll() {
        free(memory)
        (memory, count, capacity) = (nil, 0, 0)
    }

    /// Leaves each number once, in ascending order.
    public func removeRepeats() throws(OutOfMemory) {
        try keep(occurringAtLeast: 1)
    }

    /// Leaves only the numbers that are there more than once, each of them once, in ascending order.
    public func keepDuplicates() throws(OutOfMemory) { try keep(occurringAtLeast: 2) }

    private func keep(occurringAtLeast least: Int) throws(OutOfMemory) {
        try sort()
        guard let memory else { return }
        var (kept, index) = (0, 0)
        while index < count {
            let number = memory[index]
            var next = index + 1
            while next < count, memory[next] == number { next += 1 }
            if next - index >= least {
                memory[kept] = number
                kept += 1
            }
            index = next
        }
        count = kept
        try resize(to: max(kept, 1))
    }

    private func resize(to newCapacity: Int) throws(OutOfMemory) {
        guard let block = realloc(memory, newCapacity * MemoryLayout<UInt64>.stride) else { throw OutOfMemory() }
        memory = block.assumingMemoryBound(to: UInt64.self)
        capacity = newCapacity
    }

    /// Radix sort, least significant byte first; a byte that all numbers share costs nothing, nor does a sorted column.
    public func sort() throws(OutOfMemory) {
        guard let memory, !isAscending(memory) else { return }
        guard let block = malloc(count * MemoryLayout<UInt64>.stride) else { throw OutOfMemory() }
        defer { free(block) }
        var (source, target) = (memory, block.assumingMemoryBound(to: UInt64.self))
        var histogram = [Int](repeating: 0, count: 8 * 256)
        for index in 0..<count {
            for byte in 0..<8 { histogram[byte << 8 | Self.byte(byte, of: memory[index])] += 1 }
        }
        for byte in 0..<8 {
            if histogram[byte << 8 | Self.byte(byte, of: source[0])] == count { continue }
            Self.scatter(source, to: target, count: count, byte: byte, histogram: histogram)
            swap(&source, &target)
        }
        if source != memory { memory.update(from: source, count: count) }
    }

    private func isAscending(_ memory: UnsafeMutablePointer<UInt64>) -> Bool {
        var index = 1
        while index < count, memory[index - 1] <= memory[index] { index += 1 }
        return index >= count
    }

    private static func scatter(
        _ source: UnsafeMutablePointer<UInt64>, to target: UnsafeMutablePointer<UInt64>, count: Int, byte: Int,
        histogram: [Int]
    ) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
            var place = 0
            for value in 0..<256 {
                places[value] = place
                place += histogram[byte << 8 | value]
            }
            for index in 0..<count {
                let value = Self.byte(byte, of: source[index])
                target[places[value]] = source[index]
                places[value] += 1
            }
        }
    }

    private static func byte(_ byte: Int, of number: UInt64) -> Int {
        Int(truncatingIfNeeded: number >> UInt64(8 * byte)) & 0xFF
    }
}
