/// The searches of `ChoiceGates` over tables in a given order; the first find counts.
extension ChoiceGates {
    /// Three tables of which the target is a function, wherever the mask is set.
    static func triple(_ tables: [UInt64], _ target: UInt64, _ mask: UInt64) -> (Int, Int, Int)? {
        guard tables.count >= 3 else { return nil }
        let (ones, zeros) = (target & mask, ~target & mask)
        return tables.withUnsafeBufferPointer { tables in
            for a in 2..<tables.count {
                for b in 1..<a {
                    let quarters = Cells(ones, zeros, tables[a], tables[b])
                    for c in 0..<b where quarters.areSeparated(by: tables[c]) { return (a, b, c) }
                }
            }
            return nil
        }
    }

    typealias Quintuple = (a: Int, b: Int, c: Int, function: UInt8, d: Int, e: Int)

    /// Five tables of which the target is a function of this shape: choose(choose(a, b, c), d, e).
    static func quintuple(_ tables: [UInt64], _ target: UInt64, _ mask: UInt64) -> Quintuple? {
        guard tables.count >= 5 else { return nil }
        let (ones, zeros) = (target & mask, ~target & mask)
        return tables.withUnsafeBufferPointer { tables in
            for d in 1..<tables.count {
                for e in 0..<d {
                    let quarters = Cells(ones, zeros, tables[d], tables[e])
                    if let (a, b, c, function) = inner(tables, quarters, d, e) { return (a, b, c, function, d, e) }
                }
            }
            return nil
        }
    }

    /// The inner gate that, with d and e given, tells what is left to be told.
    private static func inner(
        _ tables: UnsafeBufferPointer<UInt64>, _ quarters: Cells, _ d: Int, _ e: Int
    ) -> (Int, Int, Int, UInt8)? {
        for a in 2..<tables.count where a != d && a != e {
            for b in 1..<a where b != d && b != e {
                let first = (tables[a] & tables[b], tables[a] & ~tables[b])
                let second = (~tables[a] & tables[b], ~tables[a] & ~tables[b])
                for c in 0..<b where c != d && c != e {
                    let third = tables[c]
                    // Most triples fail at the first of the eight parts.
                    guard quarters.areSeparated(within: first.0 & third),
                        quarters.areSeparated(within: first.0 & ~third),
                        quarters.areSeparated(within: first.1 & third),
                        quarters.areSeparated(within: first.1 & ~third),
                        quarters.areSeparated(within: second.0 & third),
                        quarters.areSeparated(within: second.0 & ~third),
                        quarters.areSeparated(within: second.1 & third),
                        quarters.areSeparated(within: second.1 & ~third)
                    else { continue }
                    let parts = [
                        second.1 & ~third, second.1 & third, second.0 & ~third, second.0 & third,
                        first.1 & ~third, first.1 & third, first.0 & ~third, first.0 & third,
                    ]
                    if let function = quarters.function(over: parts) { return (a, b, c, function) }
                }
            }
        }
        return nil
    }
}

/// The wanted ones and zeros, in the four cells that two tables make.
struct Cells {
    private let ones: (UInt64, UInt64, UInt64, UInt64)
    private let zeros: (UInt64, UInt64, UInt64, UInt64)

    init(_ ones: UInt64, _ zeros: UInt64, _ d: UInt64, _ e: UInt64) {
        self.ones = (ones & d & e, ones & d & ~e, ones & ~d & e, ones & ~d & ~e)
        self.zeros = (zeros & d & e, zeros & d & ~e, zeros & ~d & e, zeros & ~d & ~e)
    }

    /// Whether no cell has both a one and a zero inside the part.
    @inline(__always)
    func areSeparated(within part: UInt64) -> Bool {
        (ones.0 & part == 0 || zeros.0 & part == 0) && (ones.1 & part == 0 || zeros.1 & part == 0)
            && (ones.2 & part == 0 || zeros.2 & part == 0) && (ones.3 & part == 0 || zeros.3 & part == 0)
    }

    /// Whether one more table tells ones from zeros in every cell.
    @inline(__always)
    func areSeparated(by table: UInt64) -> Bool {
        areSeparated(within: table) && areSeparated(within: ~table)
    }

    /// A set of parts, as bits, such that knowing whether one is in it separates ones from zeros in every cell.
    ///
    /// A part and its complement serve alike, so the last one is never in the set.
    func function(over parts: [UInt64]) -> UInt8? {
        let conflicts = parts.map { a in
            parts.indices.reduce(UInt8(0)) { areSeparated(within: a | parts[$1]) ? $0 : $0 | 1 << UInt8($1) }
        }
        return (0..<128).map { UInt8($0) }.first { set in
            conflicts.indices.allSatisfy { part in
                conflicts[part] & (set >> UInt8(part) & 1 == 1 ? set : ~set) == 0
            }
        }
    }
}
