/// The gate of AVX-512: any function of three values.
enum ChoiceGates: GateSet {
    static let reach = 2

    static func match(
        _ target: UInt64, _ mask: UInt64, limit: Int, in circuit: inout Circuit, _ random: inout Random
    ) -> Int? {
        // An inverted value will do as well: whatever takes it takes that into account.
        if let place = circuit.place(of: target, mask) ?? circuit.place(of: ~target, mask) { return place }
        guard limit >= 1 else { return nil }
        let order = random.shuffled(Array(circuit.tables.indices))
        let tables = order.map { circuit.tables[$0] }
        if let (a, b, c) = triple(tables, target, mask) {
            return circuit.addChoice(order[a], order[b], order[c], target, mask)
        }
        guard limit >= 2, let found = quintuple(tables, target, mask) else { return nil }
        let inner = circuit.add(
            .choose(order[found.a], order[found.b], order[found.c], table: found.function))
        return circuit.addChoice(inner, order[found.d], order[found.e], target, mask)
    }

    static func multiplex(
        _ target: UInt64, _ mask: UInt64, input: Int, isInverted: Bool, limit: Int, in circuit: inout Circuit,
        solve: (UInt64, UInt64, Int, inout Circuit) -> Int?
    ) -> Int? {
        let selector = isInverted ? ~circuit.tables[input] : circuit.tables[input]
        let before = circuit.gates.count
        guard let first = solve(target, mask & ~selector, limit - 1, &circuit) else { return nil }
        let left = limit - 1 - (circuit.gates.count - before)
        guard left >= 0, let second = solve(target, mask & selector, left, &circuit) else { return nil }
        return circuit.addChoice(input, first, second, target, mask)
    }
}

extension Circuit {
    /// The function of three values that gives the target wherever the mask is set: there must be one.
    mutating func addChoice(_ a: Int, _ b: Int, _ c: Int, _ target: UInt64, _ mask: UInt64) -> Int {
        let wanted = (0..<8).reduce(UInt8(0)) { sum, cell in
            let part =
                (cell & 4 != 0 ? tables[a] : ~tables[a]) & (cell & 2 != 0 ? tables[b] : ~tables[b])
                & (cell & 1 != 0 ? tables[c] : ~tables[c]) & mask
            return part & target == 0 ? sum : sum | 1 << UInt8(cell)
        }
        return add(.choose(a, b, c, table: wanted))
    }
}
