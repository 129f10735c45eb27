/// What a gate does with the values of earlier gates.
enum Operation: Hashable {
    case and(Int, Int)
    case or(Int, Int)
    case xor(Int, Int)
    /// The first, where the second is not set.
    case andNot(Int, Int)
    case not(Int)
    /// Any function of three values; bit 4a + 2b + c of the table is its value (the order of vpternlog).
    case choose(Int, Int, Int, table: UInt8)

    var arguments: [Int] {
        switch self {
        case .and(let a, let b), .or(let a, let b), .xor(let a, let b), .andNot(let a, let b): [a, b]
        case .not(let a): [a]
        case .choose(let a, let b, let c, _): [a, b, c]
        }
    }

    /// The same with the arguments put elsewhere.
    func renamed(_ name: (Int) -> Int) -> Operation {
        switch self {
        case .and(let a, let b): .and(name(a), name(b))
        case .or(let a, let b): .or(name(a), name(b))
        case .xor(let a, let b): .xor(name(a), name(b))
        case .andNot(let a, let b): .andNot(name(a), name(b))
        case .not(let a): .not(name(a))
        case .choose(let a, let b, let c, let table): .choose(name(a), name(b), name(c), table: table)
        }
    }

    func value(_ tables: [UInt64]) -> UInt64 {
        switch self {
        case .and(let a, let b): tables[a] & tables[b]
        case .or(let a, let b): tables[a] | tables[b]
        case .xor(let a, let b): tables[a] ^ tables[b]
        case .andNot(let a, let b): tables[a] & ~tables[b]
        case .not(let a): ~tables[a]
        case .choose(let a, let b, let c, let function):
            (0..<8).reduce(UInt64(0)) { sum, cell in
                guard function >> UInt8(cell) & 1 == 1 else { return sum }
                let first = cell & 4 != 0 ? tables[a] : ~tables[a]
                let second = cell & 2 != 0 ? tables[b] : ~tables[b]
                let third = cell & 1 != 0 ? tables[c] : ~tables[c]
                return sum | first & second & third
            }
        }
    }
}

/// Six inputs and the gates behind them, each with its truth table.
struct Circuit {
    private(set) var tables = SBox.inputs
    /// Gate g has the table `tables[6 + g]`.
    private(set) var gates: [Operation] = []
    /// The places of the outputs, in the order of the box.
    var outputs: [Int] = []

    mutating func add(_ gate: Operation) -> Int {
        let value = gate.value(tables)
        if let place = tables.firstIndex(of: value) { return place }
        tables.append(value)
        gates.append(gate)
        return tables.count - 1
    }

    /// Without the gates that no output needs.
    var pruned: Circuit {
        var needed = Set(outputs)
        for place in tables.indices.reversed() where place >= 6 && needed.contains(place) {
            needed.formUnion(gates[place - 6].arguments)
        }
        var places = Array(0..<6)
        var result = Circuit()
        for place in tables.indices.dropFirst(6) {
            places.append(needed.contains(place) ? result.add(gates[place - 6].renamed { places[$0] }) : -1)
        }
        result.outputs = outputs.map { places[$0] }
        return result
    }
}

extension Circuit {
    /// Whether every output is the box's own, or its inverse.
    func gives(_ box: SBox) -> Bool {
        outputs.count == 4 && zip(outputs, box.outputs).allSatisfy { tables[$0] == $1 || tables[$0] == ~$1 }
    }
}
