import Foundation
import Testing

/// What the generator gives is what is committed.
@Suite struct GeneratedCircuitTests {
    let workshop: KernelWorkshop

    init() throws {
        workshop = try KernelWorkshop()
    }

    @Test func theGeneratorGivesWhatIsCommitted() throws {
        let script = workshop.root.appending(path: "Scripts/make-circuits").path
        let outcome = try workshop.run([script, workshop.folder.path])
        try #require(outcome.status == 0, "\(outcome.text)")
        for file in ["PairCircuits.h", "ChoiceCircuits.h", "Wiring.h"] {
            let committed = try String(contentsOf: workshop.sources.appending(path: file), encoding: .utf8)
            let found = try String(contentsOf: workshop.folder.appending(path: file), encoding: .utf8)
            #expect(found == committed, "\(file)")
            #expect(committed.hasPrefix("// Made by Scripts/make-circuits"))
        }
    }

    /// The generator has only seeds to start from: no gate is written down in it.
    @Test func theGeneratorKnowsNoCircuit() throws {
        let choices = workshop.root.appending(path: "Generators/SBoxCircuits/Choices.swift")
        let lines = try String(contentsOf: choices, encoding: .utf8).split(separator: "\n")
        let entries = lines.filter { $0.contains("Choice(") }
        #expect(entries.count == 16)
        for entry in entries { #expect(entry.contains(/^ +Choice\(box: [1-8], seed: \d+, limit: \d+\),$/)) }
    }
}
