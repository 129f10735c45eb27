import PaymentCrypto

/// The components of one key, each from its file or from the custodian who types it twice.
struct ComponentEntry {
    let algorithm: KeyAlgorithm
    let count: Int
    let files: [String]
    let mayAsk: Bool
    let console: Console

    /// The key that they give; each custodian is shown the check value of their own.
    func read() throws -> SymmetricKey {
        var components = KeyComponents(algorithm: algorithm)
        for index in 0..<count {
            let component = try index < files.count ? read(files[index]) : ask(number: index + 1)
            console.notice("component \(index + 1) of \(count): KCV \(try component.checkValue())")
            try components.add(component)
        }
        return try components.combine()
    }

    private func read(_ file: String) throws -> KeyComponent {
        let line = try SecretSource(file).readOnlyLine()
        do throws(KeyComponentError) { return try KeyComponent(line, algorithm: algorithm) } catch {
            throw CommandFailure(.badInput, at: file, "\(error)")
        }
    }

    private func ask(number: Int) throws -> KeyComponent {
        let what = "component \(number) of \(count)"
        let terminal = try Terminal.open(
            for: what, mayAsk: mayAsk, hint: "give it with --component-file FILE, or /dev/fd/N for a descriptor")
        let prompt = "\(what), \(2 * algorithm.byteCount) hexadecimal digits"
        let component = try ask(terminal, "\(prompt): ")
        guard component.isEqual(to: try ask(terminal, "\(what), again: ")) else {
            throw CommandFailure(.badInput, "\(what): what was typed the second time differs")
        }
        return component
    }

    private func ask(_ terminal: borrowing Terminal, _ prompt: String) throws -> KeyComponent {
        guard let line = try terminal.ask(prompt) else {
            throw CommandFailure(.usage, "the terminal was closed before a component was typed")
        }
        return try KeyComponent(line, algorithm: algorithm)
    }
}
