/// A listing of machine code, as objdump prints it, and what in it could tell a secret.
struct Disassembly {
    struct Instruction {
        let function: String
        let text: String
        var mnemonic: String { text.split(separator: " ").first.map(String.init) ?? "" }
        var operands: String { text.split(separator: " ", maxSplits: 1).dropFirst().joined() }
        var isConditionalJump: Bool { mnemonic.hasPrefix("j") && !mnemonic.hasPrefix("jmp") }
    }

    let instructions: [Instruction]

    init(_ listing: String) {
        var function = ""
        var instructions: [Instruction] = []
        for line in listing.split(separator: "\n") {
            if let name = line.wholeMatch(of: /[0-9a-f]+ <(.+)>:/) {
                function = String(name.1)
            } else if let found = line.wholeMatch(of: /\s+[0-9a-f]+:\s+(\S.*)/) {
                instructions.append(Instruction(function: function, text: String(found.1)))
            }
        }
        self.instructions = instructions
    }

    var functions: Set<String> { Set(instructions.map(\.function)) }

    /// Instructions whose addresses, or whose effect on what is executed, come out of a vector register.
    ///
    /// Keys and blocks are in vectors only: they can steer nothing that general registers and flags steer.
    var leaks: [String] {
        instructions.filter(Self.leavesTheVectors).map(\.text) + jumpsOnMemory
    }

    private static func leavesTheVectors(_ instruction: Instruction) -> Bool {
        let mnemonic = instruction.mnemonic
        if mnemonic.contains("gather") || mnemonic.contains("scatter") { return true }
        let flagsOrBits = ["vptest", "vtest", "vucomis", "vcomis", "vpmovm", "vmovmsk", "vpextr", "vextractps"]
        if flagsOrBits.contains(where: mnemonic.hasPrefix) || instruction.operands.contains(/%k[0-7]/) { return true }
        // A plain move with a general register as its target.
        return ["vmovd", "vmovq", "movd", "movq"].contains(mnemonic)
            && instruction.operands.contains(/,%(r|e)[a-z0-9]+$/)
    }

    /// Conditional jumps after a comparison with what lies in memory, but for the function's own frame.
    private var jumpsOnMemory: [String] {
        instructions.indices.filter { instructions[$0].isConditionalJump }.compactMap { index in
            let before = instructions[..<index].last { !$0.mnemonic.hasPrefix("mov") && !$0.mnemonic.hasPrefix("nop") }
            guard let before else { return nil }
            let comparison = ["cmp", "test", "sub", "add", "dec", "inc", "and"].contains {
                before.mnemonic.hasPrefix($0)
            }
            let isInFrame = before.operands.contains("(%rsp")
            if comparison, !before.operands.contains("(") || isInFrame { return nil }
            return "\(before.text); \(instructions[index].text)"
        }
    }

    /// Conditional jumps of one function.
    func jumps(in function: String) -> Int {
        instructions.count { $0.function == function && $0.isConditionalJump }
    }
}
