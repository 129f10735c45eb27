import PaymentCrypto

/// All that one command asks for at the terminal, which is silent from the first question to the last.
struct Prompts: ~Copyable {
    private let mayAsk: Bool
    private var terminal: Terminal?

    init(mayAsk: Bool) {
        self.mayAsk = mayAsk
        terminal = nil
    }

    /// Reads what is typed unseen after `prompt`; `what` is needed, and `hint` says how to give it otherwise.
    mutating func ask(
        for what: String, _ prompt: String, hint: String, _ style: LineFeedback.Style = .hidden
    ) throws -> SecretLine {
        let opened = try open(for: what, hint: hint)
        var line = SecretLine()
        let isWhole = try opened.ask(prompt, into: &line, style)
        terminal = consume opened
        guard isWhole else {
            throw CommandFailure(.usage, "the terminal was closed before \(what) was typed")
        }
        return line
    }

    /// Reads what is typed after `prompt` for everybody to see; nil where it may be a component all the same.
    mutating func askShown(for what: String, _ prompt: String, hint: String) throws -> String? {
        try ask(for: what, prompt, hint: hint, .shown).text
    }

    /// Tells those at the terminal something that belongs nowhere else, once something was asked there.
    mutating func tell(_ text: String) {
        guard let opened = terminal.take() else { return }
        opened.show(text + "\n")
        terminal = consume opened
    }

    /// Tells one person at the terminal what the next one should not see.
    mutating func tellPrivately(_ text: String) {
        guard let opened = terminal.take() else { return }
        opened.showPrivately(text + "\n")
        terminal = consume opened
    }

    /// Clears the screen, of the terminal alone.
    mutating func clear(for what: String, hint: String) throws {
        let opened = try open(for: what, hint: hint)
        opened.clear()
        terminal = consume opened
    }

    private mutating func open(for what: String, hint: String) throws -> Terminal {
        try terminal.take() ?? Terminal.open(for: what, mayAsk: mayAsk, hint: hint)
    }
}
