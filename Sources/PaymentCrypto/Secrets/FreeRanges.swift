/// Which parts of an arena are free, as ranges in rising order that do not touch.
///
/// It knows offsets only, and no memory. It lies outside the arena, so that nothing but secrets is in there, and an overrun cannot damage it.
struct FreeRanges {
    private(set) var ranges: [Range<Int>] = []

    /// Takes `count` bytes where they fit first, from the lower or from the upper end; nil where they fit nowhere.
    ///
    /// Single keys at one end and the columns of workers at the other keep the middle whole.
    mutating func take(_ count: Int, fromEnd: Bool) -> Range<Int>? {
        let fits = { (range: Range<Int>) in range.count >= count }
        guard let index = fromEnd ? ranges.lastIndex(where: fits) : ranges.firstIndex(where: fits) else { return nil }
        let free = ranges[index]
        let taken =
            fromEnd ? free.upperBound - count..<free.upperBound : free.lowerBound..<free.lowerBound + count
        let rest = fromEnd ? free.lowerBound..<taken.lowerBound : taken.upperBound..<free.upperBound
        if rest.isEmpty { ranges.remove(at: index) } else { ranges[index] = rest }
        return taken
    }

    /// Gives a range back that was taken, or that the arena has grown by.
    mutating func give(_ range: Range<Int>) {
        let next = ranges.firstIndex { $0.lowerBound >= range.upperBound } ?? ranges.endIndex
        var whole = range
        var (first, last) = (next, next)
        if next < ranges.endIndex, ranges[next].lowerBound == range.upperBound {
            whole = whole.lowerBound..<ranges[next].upperBound
            last += 1
        }
        if next > ranges.startIndex, ranges[next - 1].upperBound == range.lowerBound {
            whole = ranges[next - 1].lowerBound..<whole.upperBound
            first -= 1
        }
        ranges.replaceSubrange(first..<last, with: [whole])
    }

    /// How far the last free range reaches down from the end, if it ends there.
    func free(before end: Int) -> Int {
        guard let last = ranges.last, last.upperBound == end else { return 0 }
        return last.count
    }
}
