/// A way to find circuits: what gates there are, and how few of them give a wanted table.
protocol GateSet {
    /// The most gates that one call of `match` adds.
    static var reach: Int { get }

    /// Adds at most `limit` gates so that one has the wanted table wherever `mask` is set; nil where it cannot be had.
    static func match(
        _ target: UInt64, _ mask: UInt64, limit: Int, in circuit: inout Circuit, _ random: inout Random
    )
        -> Int?

    /// Adds the gates that take `low` where the input is not set and what `high` stands for where it is.
    static func multiplex(
        _ target: UInt64, _ mask: UInt64, input: Int, isInverted: Bool, limit: Int, in circuit: inout Circuit,
        solve: (UInt64, UInt64, Int, inout Circuit) -> Int?
    ) -> Int?
}

/// Looks for a small circuit of one box: output by output, each from the gates that are there already.
///
/// A table that no few gates give is split by an input bit (Shannon), every bit being tried, and each half has to be
/// right only where its bit says so, which makes it the easier. The seed decides the order of the outputs and which of
/// several equal finds is taken; other seeds give other circuits.
struct Search<Gates: GateSet> {
    private var random: Random
    private let limit: Int

    /// - Parameter limit: gives up beyond this number of gates.
    init(seed: Int, limit: Int) {
        random = Random(seed: seed)
        self.limit = limit
    }

    mutating func circuit(of box: SBox) -> Circuit? {
        var circuit = Circuit()
        var places = [Int](repeating: 0, count: 4)
        let wanted = box.outputs
        for output in random.shuffled([0, 1, 2, 3]) {
            let left = limit - circuit.gates.count
            guard let place = solve(wanted[output], ~0, inputs: Array(0..<6), limit: left, in: &circuit) else {
                return nil
            }
            places[output] = place
        }
        circuit.outputs = places
        return circuit.pruned
    }

    private mutating func solve(
        _ target: UInt64, _ mask: UInt64, inputs: [Int], limit: Int, in circuit: inout Circuit
    ) -> Int? {
        if let place = Gates.match(target, mask, limit: limit, in: &circuit, &random) { return place }
        guard limit > Gates.reach else { return nil }
        var best: (circuit: Circuit, place: Int)?
        var left = limit
        for input in random.shuffled(inputs) {
            let others = inputs.filter { $0 != input }
            for isInverted in [false, true] {
                var trial = circuit
                let place = Gates.multiplex(
                    target, mask, input: input, isInverted: isInverted, limit: left, in: &trial
                ) { target, mask, limit, circuit in
                    solve(target, mask, inputs: others, limit: limit, in: &circuit)
                }
                guard let place else { continue }
                best = (trial, place)
                // Only something smaller is of interest from here on.
                left = trial.gates.count - circuit.gates.count - 1
                if left <= Gates.reach { break }
            }
            if best != nil, left <= Gates.reach { break }
        }
        guard let best else { return nil }
        circuit = best.circuit
        return best.place
    }
}
