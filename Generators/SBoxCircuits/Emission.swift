/// Circuits as C, for a vector type V that the including file names.
struct Emission {
    private(set) var text: String

    init(_ about: String) {
        text = "// Made by Scripts/make-circuits: change the program in Generators, not this file.\n// \(about)\n"
    }

    /// A function that adds the box's outputs to four values (exclusive or).
    mutating func add(_ circuit: Circuit, of box: SBox) {
        let inputs = (0..<6).map { "V x\($0)" }.joined(separator: ", ")
        text += "\nstatic inline __attribute__((always_inline)) void NAME(sbox\(box.number))(\n"
        text += "    \(inputs), V *y0, V *y1, V *y2, V *y3) {\n"
        for (index, gate) in circuit.gates.enumerated() {
            text += "    const V x\(index + 6) = \(Self.expression(gate));\n"
        }
        for (output, place) in circuit.outputs.enumerated() {
            let isInverted = circuit.tables[place] != box.outputs[output]
            text += "    *y\(output) ^= \(isInverted ? "~" : "")x\(place);\n"
        }
        text += "}\n"
    }

    private static func expression(_ gate: Operation) -> String {
        switch gate {
        case .and(let a, let b): "x\(a) & x\(b)"
        case .or(let a, let b): "x\(a) | x\(b)"
        case .xor(let a, let b): "x\(a) ^ x\(b)"
        case .andNot(let a, let b): "x\(a) & ~x\(b)"
        case .not(let a): "~x\(a)"
        case .choose(let a, let b, let c, let table): "CHOOSE(x\(a), x\(b), x\(c), 0x\(String(table, radix: 16)))"
        }
    }
}
