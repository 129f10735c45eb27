import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

/// Where a key block comes from, and the key that opens it.
struct KeyBlockOptions: ParsableArguments {
    @Option(
        name: .customLong("tr31"),
        help: "A file with a key block, as text or as AWS writes it in JSON; - for standard input.")
    var file: String?

    @Option(
        name: .customLong("under"), help: "The key of the keyring that the key block is wrapped under.",
        transform: Arguments.keyName)
    var protectionKey: KeyName?

    @Flag(help: "Open what real devices send, too, and say what is odd about it.")
    var lenient = false

    var isEmpty: Bool { file == nil && protectionKey == nil && !lenient }
}

extension KeyImportCommand {
    func validateKeyBlock() throws {
        guard keyBlock.protectionKey != nil else { throw ValidationError("--tr31 needs --under") }
        guard !components.describesComponents else { throw Self.componentOptions }
        guard components.usage == nil, components.algorithm == nil, header.isEmpty else {
            throw ValidationError("a key block brings its own header: expected no usage, algorithm or header options")
        }
    }

    func importKeyBlock(_ file: String, under name: KeyName, _ keeper: KeyKeeper) throws {
        var keeper = keeper
        try check(.unwrapping, name, in: try global.readSite())
        let input = try KeyMaterialFile(file)
        let material = try input.material(.keyBlock)
        keeper.stated = try input.statedCheckValue()
        let report = try global.audited("key import") { site, event in
            try take(material, from: file, under: name, &keeper, in: site, &event)
        }
        try keeper.show(report)
    }

    private func take(
        _ material: [UInt8], from file: String, under name: KeyName, _ keeper: inout KeyKeeper,
        in site: borrowing UnlockedSite, _ event: inout AuditEvent
    ) throws -> KeyReport {
        event.add(self.name)
        let entry = try site.keyring().entry(name)
        event.add(entry, as: "under")
        let protection = try site.protection(entry, for: .unwrapping, tokens: global.tokens)
        let opened: OpenedKeyBlock
        do throws(KeyBlockError) { opened = try open(material, under: protection) } catch {
            throw KeyBlockRefusal(file: file, protectionKey: name, error: error)
        }
        var header = opened.header
        // It told the key that the block came under, and would be wrong about the keyring's.
        header.optionalBlocks.removeAll { $0.id == .protectionKeyCheckValue }
        // Strength is the site's own matter, below.
        for deviation in opened.deviations where deviation.rule != .protectionKeyStrength {
            keeper.say(deviation, file: file)
        }
        let key = try opened.takeKey()
        if let warning = try checkStrength(of: key, under: protection, in: site.site) { keeper.say(warning) }
        let new = UnlockedSite.NewKey(
            name: self.name, header: header, origin: "key block of version \(header.version) under \(name)")
        return try keeper.keep(key, as: new, in: site, &event)
    }

    private func open(
        _ material: [UInt8], under protection: KeyBlockProtection
    ) throws(KeyBlockError) -> OpenedKeyBlock {
        try KeyBlock.open(
            UnverifiedKeyBlock(utf8: material), under: protection, strictness: keyBlock.lenient ? .lenient : .strict)
    }

    /// Known from the clear headers, before anybody is asked for a passphrase.
    private func check(_ role: KeyRole, _ name: KeyName, in site: Site) throws {
        let entry = try site.keyring().entry(name)
        do throws(KeyRoleError) { try entry.check(role) } catch { throw FacilityError.role(error) }
    }

    private func checkStrength(
        of key: borrowing SymmetricKey, under protection: KeyBlockProtection, in site: Site
    ) throws -> Message? {
        let (wrapped, wrapping) = (key.effectiveAlgorithm, protection.effectiveAlgorithm)
        guard !KeyStrength.permits(wrapping: wrapped, under: wrapping) else { return nil }
        guard site.environment == .test else {
            throw FacilityError.policy(.weakerProtectionKey(wrapped: wrapped, under: wrapping))
        }
        return Message(
            "the \(wrapped.reportName) key arrived under a weaker \(wrapping.reportName) key", severity: .warning,
            hint: "a production site refuses it")
    }
}

/// A key block that could not be opened, with the file that it came from.
private struct KeyBlockRefusal: ExplainedError {
    let file: String
    let protectionKey: KeyName
    let error: KeyBlockError

    var status: ExitStatus { error.status }

    var messages: [Message] {
        let hint: String? =
            switch error {
            case .wrongKeyOrAltered: "compare the check value of '\(protectionKey)' with the sender's"
            case .ruleBroken(let deviation) where deviation.severity == .strictOnly: "--lenient takes it with a warning"
            default: nil
            }
        return [Message("\(error)", file: file, hint: hint)]
    }
}
