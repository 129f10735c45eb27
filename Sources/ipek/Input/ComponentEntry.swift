import PaymentCrypto

/// The components of one key, each from its file or from the custodian who types it twice.
struct ComponentEntry {
    let algorithm: KeyAlgorithm
    let count: Int
    let files: [String]
    let console: Console

    /// The key that they give; each custodian is shown the check value of their own.
    func read(asking prompts: inout Prompts) throws -> SymmetricKey {
        var components = KeyComponents(algorithm: algorithm)
        for index in 0..<count {
            let component = try index < files.count ? read(files[index]) : ask(number: index + 1, &prompts)
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

    private func ask(number: Int, _ prompts: inout Prompts) throws -> KeyComponent {
        let what = "component \(number) of \(count)"
        let component = try ask(for: what, "\(what), \(2 * algorithm.byteCount) hexadecimal digits: ", &prompts)
        guard component.isEqual(to: try ask(for: what, "\(what), again: ", &prompts)) else {
            throw CommandFailure(.badInput, "\(what): what was typed the second time differs")
        }
        return component
    }

    private func ask(for what: String, _ prompt: String, _ prompts: inout Prompts) throws -> KeyComponent {
        let line = try prompts.ask(
            for: what, prompt, hint: "give it with --component-file FILE, or /dev/fd/N for a descriptor")
        return try KeyComponent(line, algorithm: algorithm)
    }
}
