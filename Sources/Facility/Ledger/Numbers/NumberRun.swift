/// Consecutive numbers, both ends included.
struct NumberRun: Equatable, Sendable {
    var first: UInt64
    var last: UInt64

    /// How many there are; 2^64 of them count as none, and nothing makes so many.
    var count: Int { Int(truncatingIfNeeded: last &- first &+ 1) }

    /// What this run and another one have in common.
    func intersection(_ other: NumberRun) -> NumberRun? {
        let (low, high) = (max(first, other.first), min(last, other.last))
        return low <= high ? NumberRun(first: low, last: high) : nil
    }
}
