import PaymentCrypto

/// Gives passphrases one after the other: from the files of `--passphrase-file` in their order, then from the terminal.
struct PassphraseReader: ~Copyable {
    private var files: ArraySlice<String>
    /// For whatever else the command asks for.
    var prompts: Prompts

    init(files: [String], mayAsk: Bool) {
        self.files = files[...]
        prompts = Prompts(mayAsk: mayAsk)
    }

    /// How many files are left.
    var remainingFileCount: Int { files.count }

    /// The next passphrase; one that is typed for the first time is typed twice.
    mutating func next(_ prompt: String, isNew: Bool = false) throws -> Passphrase {
        if let file = files.popFirst() { return try Self.read(file) }
        let passphrase = try ask(for: prompt, "\(prompt): ")
        guard isNew else { return passphrase }
        guard passphrase.isEqual(to: try ask(for: prompt, "\(prompt), again: ")) else {
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

    private mutating func ask(for what: String, _ prompt: String) throws -> Passphrase {
        try Passphrase(
            try prompts.ask(
                for: what, prompt, hint: "give it with --passphrase-file FILE, or /dev/fd/N for a descriptor"))
    }
}
