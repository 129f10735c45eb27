/// The searches of `PairGates` over tables in a given order; the first find counts.
extension PairGates {
    typealias Pair = (kind: PairKind, a: Int, b: Int)

    /// One gate over two tables.
    static func pair(_ tables: [UInt64], _ target: UInt64, _ mask: UInt64) -> Pair? {
        tables.withUnsafeBufferPointer { tables in
            for a in 1..<tables.count {
                for b in 0..<a {
                    let (first, second) = (tables[a], tables[b])
                    let isFound =
                        ((first ^ second ^ target) & mask == 0) || (((first & second) ^ target) & mask == 0)
                        || (((first | second) ^ target) & mask == 0) || (((first & ~second) ^ target) & mask == 0)
                        || (((~first & second) ^ target) & mask == 0)
                    if isFound, let kind = PairKind.matching(first, second, target, mask) { return (kind, a, b) }
                }
            }
            return nil
        }
    }

    /// One gate over a table and a gate over two more.
    static func pairThenGate(
        _ tables: [UInt64], _ target: UInt64, _ mask: UInt64
    ) -> (outer: PairKind, c: Int, inner: PairKind, a: Int, b: Int)? {
        for c in tables.indices {
            let table = tables[c]
            for outer in PairKind.allCases {
                guard let rest = outer.second(after: table, target, mask),
                    let found = pair(tables, rest.target, rest.mask)
                else { continue }
                return (outer, c, found.kind, found.a, found.b)
            }
        }
        return nil
    }

    /// One gate over two gates, each over two tables.
    static func twoPairs(
        _ tables: [UInt64], _ target: UInt64, _ mask: UInt64
    ) -> (outer: PairKind, left: Pair, right: Pair)? {
        var pairs: [Pair] = []
        var values: [UInt64] = []
        for a in 1..<tables.count {
            for b in 0..<a {
                for kind in PairKind.allCases {
                    pairs.append((kind, a, b))
                    values.append(kind.value(tables[a], tables[b]) & mask)
                }
            }
        }
        let target = target & mask
        // Or: both within the target. And: both around it. And not: one around it, the other one clear of it.
        let within = values.indices.filter { values[$0] & ~target == 0 }
        if let (left, right) = firstPair(within, within, where: { values[$0] | values[$1] == target }) {
            return (.or, pairs[left], pairs[right])
        }
        let around = values.indices.filter { target & ~values[$0] == 0 }
        if let (left, right) = firstPair(around, around, where: { values[$0] & values[$1] == target }) {
            return (.and, pairs[left], pairs[right])
        }
        let clear = values.indices.filter { values[$0] & target == 0 }
        if let (left, right) = firstPair(around, clear, where: { values[$0] & ~values[$1] == target }) {
            return (.andNot, pairs[left], pairs[right])
        }
        if let (left, right) = exclusivePair(values, target) { return (.xor, pairs[left], pairs[right]) }
        return nil
    }

    private static func firstPair(
        _ left: [Int], _ right: [Int], where holds: (Int, Int) -> Bool
    ) -> (Int, Int)? {
        // Long lists come with loose masks, where fewer gates will do; they are not worth the time.
        for a in left.prefix(512) {
            for b in right.prefix(512) where holds(a, b) { return (a, b) }
        }
        return nil
    }

    /// Two values that differ by the target, through a hash table.
    private static func exclusivePair(_ values: [UInt64], _ target: UInt64) -> (Int, Int)? {
        let size = 1 << (Int.bitWidth - (2 * values.count).leadingZeroBitCount)
        var slots = [Int32](repeating: -1, count: size)
        func slot(of value: UInt64) -> Int {
            Int(truncatingIfNeeded: (value &* 0x9E37_79B9_7F4A_7C15) >> 40) & (size - 1)
        }
        for (index, value) in values.enumerated() {
            var place = slot(of: value ^ target)
            while slots[place] >= 0 {
                if values[Int(slots[place])] == value ^ target { return (Int(slots[place]), index) }
                place = (place + 1) & (size - 1)
            }
            place = slot(of: value)
            while slots[place] >= 0, values[Int(slots[place])] != value { place = (place + 1) & (size - 1) }
            slots[place] = Int32(index)
        }
        return nil
    }
}

extension PairKind {
    static func matching(_ a: UInt64, _ b: UInt64, _ target: UInt64, _ mask: UInt64) -> PairKind? {
        allCases.first { ($0.value(a, b) ^ target) & mask == 0 }
    }

    /// What the second value must be, and where, for the gate to give the target; nil where no value can.
    func second(after first: UInt64, _ target: UInt64, _ mask: UInt64) -> (target: UInt64, mask: UInt64)? {
        switch self {
        case .xor: (target ^ first, mask)
        case .and: target & ~first & mask == 0 ? (target, mask & first) : nil
        case .or: first & ~target & mask == 0 ? (target, mask & ~first) : nil
        case .andNot: target & ~first & mask == 0 ? (~target, mask & first) : nil
        case .notAnd: target & first & mask == 0 ? (target, mask & ~first) : nil
        }
    }
}

extension Circuit {
    /// A table that is right wherever the mask is set.
    func place(of target: UInt64, _ mask: UInt64) -> Int? {
        tables.firstIndex { ($0 ^ target) & mask == 0 }
    }
}
