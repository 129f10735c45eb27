import Testing

/// No input may trap, and what the compiler does not check has its reason beside it.
@Suite struct ForcedCodeTests {
    let tree: SourceTree

    init() throws {
        tree = try SourceTree()
    }

    @Test func nothingIsForced() {
        #expect(!tree.lines.isEmpty)
        for line in tree.lines where line.code.contains(/\b(try|as)!/) {
            Issue.record("\(line.place): a force that traps: \(line.text)")
        }
    }

    @Test func whatIsUncheckedHasItsReason() {
        for file in tree.files {
            let lines = file.lines
            for (index, line) in lines.enumerated() where Self.unchecked.contains(where: line.code.contains) {
                // The comment above, however long, then the line itself and the one below it.
                let above = lines[..<index].reversed().prefix { $0.isComment }
                let neighbours = above + lines[index...min(lines.count - 1, index + 1)]
                if !neighbours.contains(where: \.hasReason) {
                    Issue.record("\(line.place): no comment beside it says why: \(line.text)")
                }
            }
        }
    }

    /// A plain comment, or documentation that says so: what a type is for does not explain why it is unchecked.
    @Test(arguments: [
        ("let a = 1  // reason", true), ("// reason", true), ("/// Documentation.", false),
        ("/// Unchecked: reason.", true), ("let a = 1", false),
    ])
    func reasonsArePlainComments(text: String, isReason: Bool) {
        let line = SourceTree.Line(file: SourceFile(name: "Module/File.swift", text: text), number: 1, text: text)
        #expect(line.hasReason == isReason)
    }

    private static let unchecked = ["@unchecked Sendable", "unsafeBitCast", "nonisolated(unsafe)"]
}

extension SourceTree.Line {
    var place: String { "\(file.name):\(number)" }

    var isComment: Bool { text.drop(while: \.isWhitespace).hasPrefix("//") }

    var hasReason: Bool { text.contains("//") && (!text.contains("///") || text.contains("/// Unchecked:")) }
}
