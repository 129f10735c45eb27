/// Which numbers of one key set are used, in memory that does not grow with them.
///
/// While there are few ranges they are known exactly. However many there are, a row of equal stretches says how many
/// numbers of each are used; that is what a bar shows.
struct NumberCoverage: Sendable {
    /// Consecutive numbers, both ends included.
    struct Range: Equatable, Sendable {
        var first: UInt64
        var last: UInt64

        var count: Int { Int(truncatingIfNeeded: last - first + 1) }

        init(first: UInt64, last: UInt64) { (self.first, self.last) = (first, last) }

        fileprivate init(stretch index: Int, from start: UInt64, shift: UInt64) {
            first = start + UInt64(index) << shift
            last = first + (1 << shift) - 1
        }
    }

    /// The most ranges that are kept.
    static let rangeLimit = 1_024
    /// The stretches that a bar is made of.
    static let stretchCount = 1_024

    private var open: Range?
    private var kept: [Range]? = []
    private var stretches: [UInt32] = []
    /// The first number of the first stretch, and the bits of a stretch's length.
    private var (start, shift): (UInt64, UInt64) = (0, 0)
    private var (first, last): (UInt64, UInt64) = (0, 0)
    private(set) var count = 0

    /// Adds a number; mostly it follows the one before.
    mutating func add(_ number: UInt64) {
        count += 1
        if let last = open?.last, last &+ 1 == number {
            open?.last = number
            return
        }
        if let open { close(open) }
        open = Range(first: number, last: number)
    }

    /// What there is so far; more may follow.
    func summary() -> Summary? {
        guard let open else { return nil }
        var whole = self
        whole.close(open)
        return Summary(
            ranges: whole.kept, first: whole.first, last: whole.last, count: count, stretches: whole.stretches,
            start: whole.start, stretchLength: 1 << whole.shift)
    }

    private mutating func close(_ range: Range) {
        if kept != nil { keep(range) }
        fit(range)
        if range.first == range.last {
            stretches[index(of: range.first)] &+= 1
            return
        }
        for index in index(of: range.first)...index(of: range.last) {
            let stretch = Range(stretch: index, from: start, shift: shift)
            let common = min(range.last, stretch.last) - max(range.first, stretch.first) + 1
            stretches[index] &+= UInt32(truncatingIfNeeded: common)
        }
    }

    /// Puts the range among the others, and joins those that touch.
    private mutating func keep(_ range: Range) {
        guard var ranges = kept else { return }
        kept = nil
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].last &+ 1 < range.first { low = middle + 1 } else { high = middle }
        }
        var joined = range
        var end = low
        while end < ranges.count, ranges[end].first <= range.last &+ 1 {
            joined.first = min(joined.first, ranges[end].first)
            joined.last = max(joined.last, ranges[end].last)
            end += 1
        }
        ranges.replaceSubrange(low..<end, with: CollectionOfOne(joined))
        if ranges.count <= Self.rangeLimit { kept = ranges }
    }

    /// Moves or lengthens the stretches so that everything lies in them.
    private mutating func fit(_ range: Range) {
        let isFirst = stretches.isEmpty
        (first, last) = isFirst ? (range.first, range.last) : (min(first, range.first), max(last, range.last))
        if !isFirst, range.first >= start, index(of: range.last) < Self.stretchCount { return }
        var (newStart, newShift) = ((first >> shift) << shift, shift)
        while (last - newStart) >> newShift >= UInt64(Self.stretchCount) {
            newShift += 1
            newStart = (first >> newShift) << newShift
        }
        // A stretch begins at a multiple of its length, so an old one lies in one new one.
        var moved = [UInt32](repeating: 0, count: Self.stretchCount)
        for (index, count) in stretches.enumerated() where count > 0 {
            moved[Int((start + UInt64(index) << shift - newStart) >> newShift)] &+= count
        }
        (stretches, start, shift) = (moved, newStart, newShift)
    }

    private func index(of number: UInt64) -> Int { Int(truncatingIfNeeded: (number - start) >> shift) }
}

extension NumberCoverage {
    /// What is known of the numbers when the last one is there.
    struct Summary: Sendable {
        /// All ranges, ascending; nil where there were too many to keep.
        let ranges: [Range]?
        let first: UInt64
        let last: UInt64
        let count: Int
        /// How many numbers of each stretch are used; the first stretch begins at `start`.
        let stretches: [UInt32]
        let start: UInt64
        let stretchLength: UInt64
    }
}
