import ArgumentParser
import Facility
import PaymentCrypto

/// Where the components of a key come from.
struct ComponentOptions: ParsableArguments {
    @Option(name: .customLong("components"), help: "How many components the key has.")
    var count: Int?

    @Option(
        name: .customLong("component-file"),
        help: "A file with one component in hexadecimal, blanks allowed, or /dev/fd/N; the others are asked for.")
    var files: [String] = []

    @Option(
        help: "What the key is for: bdk, initial-key, kek, kbpk, or any two-character usage of X9.143.",
        transform: Arguments.keyUsage)
    var usage: KeyUsage?

    @Option(help: "The key's cipher and length.")
    var algorithm: KeyAlgorithm?
}

extension KeyImportCommand {
    func validateComponents(_ count: Int) throws {
        guard (1...KeyComponents.maximumCount).contains(count) else {
            throw ValidationError("--components: expected 1 to \(KeyComponents.maximumCount), found \(count)")
        }
        guard components.usage != nil else { throw ValidationError("--components needs --usage") }
        guard components.algorithm != nil else { throw ValidationError("--components needs --algorithm") }
        guard components.files.count <= count else {
            throw ValidationError("--component-file: expected at most \(count), found \(components.files.count)")
        }
        guard keyBlock.isEmpty else { throw ValidationError("--under and --lenient belong to --tr31") }
        guard !global.noInput || components.files.count == count else {
            throw ValidationError(
                "--no-input: expected \(count) component files, found \(components.files.count)")
        }
    }

    func importComponents(_ count: Int, _ keeper: KeyKeeper) throws {
        var keeper = keeper
        guard let usage = components.usage, let algorithm = components.algorithm else { return }
        let header = try header.header(usage: usage, algorithm: algorithm, keeper: &keeper)
        var reader = global.passphrases
        let new = UnlockedSite.NewKey(
            name: name, header: header, origin: count == 1 ? "1 component" : "\(count) components")
        let entry = ComponentEntry(
            algorithm: algorithm, count: count, files: components.files, console: global.console)
        let opened = try global.unlockSite(with: &reader)
        let report = try global.audited("key import", in: opened) { site, event in
            event.add(name)
            try site.site.checkComponentCount(count)
            return try keeper.keep(try entry.read(asking: &reader.prompts), as: new, in: site, &event)
        }
        try keeper.show(report)
    }
}
