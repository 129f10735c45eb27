import Facility
import PaymentCrypto

/// One custodian's turn at the terminal: who it is, the component twice, its check value, and a clear screen.
struct ComponentCeremony {
    let entry: ComponentEntry
    let number: Int
    let given: GivenCustody
    /// Whether check values of components from files may be on the screen.
    let isAfterFiles: Bool

    private static let hint = "give it with --component-file FILE, or /dev/fd/N for a descriptor"

    private var what: String { "component \(number) of \(entry.count)" }

    /// - Parameter known: who brought the components that are there already.
    func hold(
        asking prompts: inout Prompts, after known: [CustodyRecord], telling event: inout AuditEvent
    ) throws -> EnteredComponent {
        if isAfterFiles { try prompts.clear(for: what, hint: Self.hint) }
        var given = given
        given.custodian = try custodian(&prompts)
        event.add(custodian: given.custodian, ofComponent: number)
        try known.check(custodian: given.custodian, for: number)
        given.bag = try bag(&prompts)
        event.add(bag: given.bag, ofComponent: number)
        try known.check(bag: given.bag, for: number)
        let component = try askTwice(&prompts)
        let entered = try given.entered(component, number: number, telling: &event)
        prompts.tellPrivately("\(what): KCV \(entered.custody.checkValue)")
        try leave(&prompts)
        return entered
    }

    /// The check value goes before the next custodian comes; one who holds the whole key has nobody to hide it from.
    private func leave(_ prompts: inout Prompts) throws {
        guard entry.count > 1 else { return }
        do {
            _ = try prompts.askShown(
                for: "Enter", "compare it with yours, then press Enter to clear the screen (Ctrl-C if it differs): ",
                hint: Self.hint)
        } catch let stop as CommandStatus {
            // Whoever stopped it has the screen clear already.
            throw stop
        } catch {
            try? prompts.clear(for: what, hint: Self.hint)
            throw error
        }
        try prompts.clear(for: what, hint: Self.hint)
    }

    private func custodian(_ prompts: inout Prompts) throws -> CustodyName? {
        if let custodian = given.custodian { return custodian }
        return try ask(
            "the custodian's name", "\(entry.key), \(number) of \(entry.count): name of the custodian: ",
            isOptional: false, hint: "give it with --custodian NAME", &prompts)
    }

    private func bag(_ prompts: inout Prompts) throws -> CustodyName? {
        if let bag = given.bag { return bag }
        return try ask(
            "the bag's serial number",
            entry.needsBag ? "serial number of the bag: " : "serial number of the bag (Enter if there is none): ",
            isOptional: !entry.needsBag, hint: "give it with --bag SERIAL", &prompts)
    }

    /// Asks until what was typed can go on record.
    private func ask(
        _ what: String, _ prompt: String, isOptional: Bool, hint: String, _ prompts: inout Prompts
    ) throws -> CustodyName? {
        while true {
            let text = try prompts.askShown(for: what, prompt, hint: hint)
            if isOptional, let text, text.allSatisfy(\.isWhitespace) { return nil }
            if let name = text.flatMap({ CustodyName($0) }) { return name }
            // A component that was typed a question too early must not stay there.
            try prompts.clear(for: what, hint: hint)
            prompts.tell("expected \(CustodyName.expectation); once more")
        }
    }

    /// Asks until the same component was typed twice.
    private func askTwice(_ prompts: inout Prompts) throws -> KeyComponent {
        let groups = entry.algorithm.byteCount * 2 / LineFeedback.groupLength
        while true {
            let first = try ask("\(what), \(groups) groups of four digits: ", &prompts)
            let second = try ask("\(what), again: ", &prompts)
            if first.isEqual(to: second) { return first }
            prompts.tell("what was typed the second time differs; both once more")
        }
    }

    /// Asks until what was typed is a component.
    private func ask(_ prompt: String, _ prompts: inout Prompts) throws -> KeyComponent {
        while true {
            let line = try prompts.ask(for: what, prompt, hint: Self.hint, .groups)
            do throws(KeyComponentError) {
                return try KeyComponent(line, algorithm: entry.algorithm)
            } catch {
                guard let fault = Self.typingFault(error) else { throw error }
                prompts.tell("\(fault); once more")
            }
        }
    }

    /// A slip of the fingers in words; nil for what typing again would not change.
    private static func typingFault(_ error: KeyComponentError) -> String? {
        switch error {
        case .notHexadecimal(let position):
            "group \((position - 1) / LineFeedback.groupLength + 1) has a character that is not a hexadecimal digit"
        case .wrongLength(let expected, let found): "expected \(expected) digits, found \(found)"
        default: nil
        }
    }
}
