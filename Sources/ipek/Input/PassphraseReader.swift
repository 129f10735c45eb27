import PaymentCrypto

/// Gives passphrases one after the other: from the files of `--passphrase-file` in their order, then from the terminal.
struct PassphraseReader {
    private var files: ArraySlice<String>
    private let mayAsk: Bool

    init(files: [String], mayAsk: Bool) {
        self.files = files[...]
        self.mayAsk = mayAsk
    }

    /// How many files are left.
    var remainingFileCount: Int { files.count }

    /// The next passphrase; one that is typed for the first time is typed twice.
    mutating func next(_ prompt: String, isNew: Bool = false) throws -> Passphrase {
        if let file = files.popFirst() { return try Self.read(file) }
        let terminal = try Terminal.open(
            for: prompt, mayAsk: mayAsk, hint: "give it with --passphrase-file FILE, or /dev/fd/N for a descriptor")
        let passphrase = try Self.ask(terminal, "\(prompt): ")
        guard isNew else { return passphrase }
        guard passphrase.isEqual(to: try Self.ask(terminal, "\(prompt), again: ")) else {
            throw CommandFailure(.refused, "the two passphrases differ")
        }
        return passphrase
    }

    private static func read(_ file: String) throws -> Passphrase {
        let line = try SecretSource(file).readFirstLine()
        do throws(PassphraseError) { return try Passphrase(line) } catch {
            throw CommandFailure(.refused, at: file, "\(error)")
        }
    }

    private static func ask(_ terminal: borrowing Terminal, _ prompt: String) throws -> Passphrase {
        guard let line = try terminal.ask(prompt) else {
            throw CommandFailure(.usage, "the terminal was closed before a passphrase was typed")
        }
        return try Passphrase(line)
    }
}
