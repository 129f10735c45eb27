import Glibc

// Makes the C files of Sources/CBitslicedDES, or looks for smaller circuits.
//
//     SBoxCircuits make FOLDER
//     SBoxCircuits search pairs|choices BOX FIRST-SEED SECONDS LIMIT

func fail(_ message: String) -> Never {
    fputs("\(message)\n", stderr)
    exit(1)
}

func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { fail("cannot write \(path)") }
    fputs(text, file)
    fclose(file)
}

/// Every circuit once more from its seed, and once more against the standard.
func make<Gates: GateSet>(_ choices: [Choice], _: Gates.Type, about: String) -> String {
    var emission = Emission("\(about)")
    for choice in choices {
        let box = SBox(number: choice.box)
        var search = Search<Gates>(seed: choice.seed, limit: choice.limit)
        guard let circuit = search.circuit(of: box), circuit.gives(box) else {
            fail("box \(choice.box): seed \(choice.seed) gives no circuit")
        }
        emission.add(circuit, of: box)
    }
    return emission.text
}

func search<Gates: GateSet>(_: Gates.Type, box: SBox, seed: Int, seconds: Int, limit: Int) {
    var (seed, limit) = (seed, limit)
    let end = time(nil) + seconds
    while time(nil) < end {
        var search = Search<Gates>(seed: seed, limit: limit)
        if let circuit = search.circuit(of: box) {
            print("Choice(box: \(box.number), seed: \(seed), limit: \(limit)),  // \(circuit.gates.count) gates")
            fflush(stdout)
            limit = circuit.gates.count - 1
        }
        seed += 1
    }
}

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst(2).compactMap { Int($0) }
switch (arguments.first, arguments.count, numbers.count) {
case ("make", 2, _):
    let folder = arguments[1]
    write(
        make(Choices.pairs, PairGates.self, about: "The boxes of DES from gates of two inputs."),
        to: "\(folder)/PairCircuits.h")
    write(
        make(Choices.choices, ChoiceGates.self, about: "The boxes of DES from gates of three inputs."),
        to: "\(folder)/ChoiceCircuits.h")
    write(Wiring.text, to: "\(folder)/Wiring.h")
case ("search", 6, 4) where (1...8).contains(numbers[0]):
    let box = SBox(number: numbers[0])
    if arguments[1] == "pairs" {
        search(PairGates.self, box: box, seed: numbers[1], seconds: numbers[2], limit: numbers[3])
    } else {
        search(ChoiceGates.self, box: box, seed: numbers[1], seconds: numbers[2], limit: numbers[3])
    }
default: fail("usage: SBoxCircuits make FOLDER | search pairs|choices BOX FIRST-SEED SECONDS LIMIT")
}
