import PaymentCrypto

/// All that one command asks for at the terminal, which is silent from the first question to the last.
struct Prompts: ~Copyable {
    private let mayAsk: Bool
    private var terminal: Terminal?

    init(mayAsk: Bool) {
        self.mayAsk = mayAsk
        terminal = nil
    }

    /// Reads what is typed after `prompt`; `what` is needed, and `hint` says how to give it otherwise.
    mutating func ask(for what: String, _ prompt: String, hint: String) throws -> SecretLine {
        let opened = try terminal.take() ?? Terminal.open(for: what, mayAsk: mayAsk, hint: hint)
        let line = try opened.ask(prompt)
        terminal = consume opened
        guard let line else {
            throw CommandFailure(.usage, "the terminal was closed before \(what) was typed")
        }
        return line
    }
}
