/// The gates that every processor has: two values in, one out.
enum PairGates: GateSet {
    static let reach = 3

    static func match(
        _ target: UInt64, _ mask: UInt64, limit: Int, in circuit: inout Circuit, _ random: inout Random
    ) -> Int? {
        if let place = circuit.place(of: target, mask) { return place }
        guard limit >= 1 else { return nil }
        let order = random.shuffled(Array(circuit.tables.indices))
        let tables = order.map { circuit.tables[$0] }
        if let place = circuit.place(of: ~target, mask) { return circuit.add(.not(place)) }
        if let (kind, a, b) = pair(tables, target, mask) { return circuit.add(kind.gate(order[a], order[b])) }
        guard limit >= 2 else { return nil }
        if let found = pairThenGate(tables, target, mask) {
            let inner = circuit.add(found.inner.gate(order[found.a], order[found.b]))
            return circuit.add(found.outer.gate(order[found.c], inner))
        }
        if let (kind, a, b) = pair(tables, ~target, mask) {
            return circuit.add(.not(circuit.add(kind.gate(order[a], order[b]))))
        }
        guard limit >= 3 else { return nil }
        if let found = twoPairs(tables, target, mask) {
            let left = circuit.add(found.left.kind.gate(order[found.left.a], order[found.left.b]))
            let right = circuit.add(found.right.kind.gate(order[found.right.a], order[found.right.b]))
            return circuit.add(found.outer.gate(left, right))
        }
        return nil
    }

    static func multiplex(
        _ target: UInt64, _ mask: UInt64, input: Int, isInverted: Bool, limit: Int, in circuit: inout Circuit,
        solve: (UInt64, UInt64, Int, inout Circuit) -> Int?
    ) -> Int? {
        let selector = isInverted ? ~circuit.tables[input] : circuit.tables[input]
        let before = circuit.gates.count
        guard let first = solve(target, mask & ~selector, limit - 1, &circuit) else { return nil }
        // What is left is to be right where the selector is set, and is cut off elsewhere.
        let rest = target ^ circuit.tables[first]
        if rest & mask == 0 { return first }
        if (rest ^ selector) & mask == 0, !isInverted { return circuit.add(.xor(first, input)) }
        let left = limit - 2 - (circuit.gates.count - before)
        guard left >= 0, let second = solve(rest, mask & selector, left, &circuit) else { return nil }
        let cut = circuit.add(isInverted ? .andNot(second, input) : .and(second, input))
        return circuit.add(.xor(first, cut))
    }
}

enum PairKind: Int, CaseIterable {
    case and, or, xor, andNot, notAnd

    func gate(_ a: Int, _ b: Int) -> Operation {
        switch self {
        case .and: .and(a, b)
        case .or: .or(a, b)
        case .xor: .xor(a, b)
        case .andNot: .andNot(a, b)
        case .notAnd: .andNot(b, a)
        }
    }

    @inline(__always)
    func value(_ a: UInt64, _ b: UInt64) -> UInt64 {
        switch self {
        case .and: a & b
        case .or: a | b
        case .xor: a ^ b
        case .andNot: a & ~b
        case .notAnd: ~a & b
        }
    }
}
