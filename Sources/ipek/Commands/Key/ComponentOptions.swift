import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

/// Where the components of a key come from, and who brings them.
struct ComponentOptions: ParsableArguments {
    @Option(name: .customLong("components"), help: "How many components the key has.")
    var count: Int?

    @Option(
        name: .customLong("component"),
        help: "Enter only this component today, from 1; it waits in the keyring for the others.")
    var number: Int?

    @Option(
        name: .customLong("component-file"),
        help: "A file with one component in hexadecimal, blanks allowed, or /dev/fd/N; the others are asked for.")
    var files: [String] = []

    @Option(
        help: "Who brings a component; once for each, in order. Who types one is asked.",
        transform: Arguments.custodyName)
    var custodian: [CustodyName] = []

    @Option(
        help: "The serial number of the bag that a component came in; once for each, in order.",
        transform: Arguments.custodyName)
    var bag: [CustodyName] = []

    @Option(
        name: .customLong("expect-component-kcv"),
        help: "The check value that a component must have; once for each, in order; else nothing is kept.",
        transform: Arguments.expectedCheckValue)
    var expectedCheckValues: [ExpectedCheckValue] = []

    @Option(
        help: "What the key is for: bdk, initial-key, kek, kbpk, or any two-character usage of X9.143.",
        transform: Arguments.keyUsage)
    var usage: KeyUsage?

    @Option(help: "The key's cipher and length.")
    var algorithm: KeyAlgorithm?

    /// Whether an option was given that says something about one component.
    var describesComponents: Bool {
        number != nil || !files.isEmpty || !custodian.isEmpty || !bag.isEmpty || !expectedCheckValues.isEmpty
    }

    /// What to say of components of a production key that a machine hands over without saying who brought them.
    ///
    /// Who types one is asked. See PCI PIN v3.1, requirements 8-2 and 26-1.
    func custodyWarning(in environment: SiteEnvironment) -> Message? {
        guard environment == .production, custodian.count < files.count || bag.count < files.count else { return nil }
        return Message(
            "nobody is on record for \(files.count == 1 ? "a component" : "components") of a production key",
            severity: .warning, hint: "--custodian and --bag say who brings each component, and in which bag")
    }

    /// The numbers of the components that come in today.
    func numbers(of count: Int) -> [Int] { number.map { [$0] } ?? Array(1...count) }
}

extension KeyImportCommand {
    func validateComponents(_ count: Int) throws {
        guard (1...KeyComponents.maximumCount).contains(count) else {
            throw ValidationError("--components: expected 1 to \(KeyComponents.maximumCount), found \(count)")
        }
        guard components.usage != nil else { throw ValidationError("--components needs --usage") }
        guard components.algorithm != nil else { throw ValidationError("--components needs --algorithm") }
        try validateComponent(count)
        let today = components.numbers(of: count).count
        for (option, found) in [
            ("--component-file", components.files.count), ("--custodian", components.custodian.count),
            ("--bag", components.bag.count), ("--expect-component-kcv", components.expectedCheckValues.count),
        ] where found > today {
            throw ValidationError("\(option): expected at most \(today), found \(found)")
        }
        guard keyBlock.isEmpty else { throw ValidationError("--under and --lenient belong to --tr31") }
        guard !global.noInput || components.files.count == today else {
            throw ValidationError(
                "--no-input: expected \(today) component file\(today == 1 ? "" : "s"), found \(components.files.count)")
        }
    }

    private func validateComponent(_ count: Int) throws {
        guard let number = components.number else { return }
        guard count > 1 else { throw ValidationError("--component needs --components 2 or more") }
        guard (1...count).contains(number) else {
            throw ValidationError("--component: expected 1 to \(count), found \(number)")
        }
    }
}
