import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

/// Hands one key on, under another key or for the holder of a certificate.
struct KeyExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Hands one key on, wrapped under another one or for a certificate.",
        discussion: """
            What is not given is taken from the key's own header, and what is given may only be more restrictive. With \
            --dukpt-ksn it is not the key that leaves but one device's initial key. With --cli-input-json the request \
            is in a file, as 'aws payment-cryptography export-key' takes it.
            """)

    @Argument(help: "The key's name; a request has it itself.", transform: Arguments.keyName)
    var name: KeyName?

    @Option(
        name: .customLong("cli-input-json"),
        help: "A file with the request, names of this site standing where AWS has ARNs or aliases.")
    var request: String?

    @OptionGroup(title: "Form") var form: KeyExportArguments

    @Option(
        name: .customLong("dukpt-ksn"),
        help: "Export the initial key that the BDK gives for this KSN: 20 digits (TDES), 24 or 16 (AES).")
    var serialNumber: String?

    @Option(
        name: .customLong("ksn-padding"),
        help: "left-f takes exactly 16 digits as an 8-byte KSN with its counter and puts FFFF in front: none or left-f."
    )
    var padding: KSNPadding?

    @Option(
        name: .customLong("expect-kcv"), help: "The key's check value, 4 to 10 digits; with any other it stays.",
        transform: Arguments.expectedCheckValue)
    var expectedCheckValue: ExpectedCheckValue?

    @Option(
        help: "Issue the initial key of --dukpt-ksn again, for this reason; a second operator in production.",
        transform: Arguments.reason)
    var again: String?

    @Option(help: "The header profile that says what the options do not.", transform: Arguments.keyName)
    var profile: KeyName?

    @OptionGroup(title: "Header options") var header: HeaderArguments
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard request == nil else { return try validateRequest() }
        guard name != nil else { throw ValidationError("expected the name of a key, or --cli-input-json") }
        let transport = try form.transport()
        try form.check(for: transport)
        try validateHeader(transport)
        guard serialNumber == nil else { return }
        if again != nil { throw ValidationError("--again belongs to --dukpt-ksn") }
        if padding != nil { throw ValidationError("--ksn-padding belongs to --dukpt-ksn") }
        if header.allowExportable { throw ValidationError("--allow-exportable belongs to --dukpt-ksn") }
        if header.ksnBlock != nil { throw ValidationError("--ksn-block and --no-ksn-block belong to --dukpt-ksn") }
    }

    private func validateHeader(_ transport: KeyTransport) throws {
        guard transport != .tr31 else { return }
        if header.keyBlockVersion != nil { throw ValidationError("--key-block-version belongs to --tr31") }
        if header.lengthObfuscation != nil {
            throw ValidationError("--length-obfuscation and --no-length-obfuscation belong to --tr31")
        }
        guard transport == .rsaOAEP, !header.isEmpty || profile != nil else { return }
        throw ValidationError("a cryptogram carries no header: expected no header options and no --profile")
    }

    func run() throws {
        let site = try global.readSite()
        let options = try options(keyring: try site.keyring())
        // What can be refused without a passphrase is refused before anybody is asked for one.
        guard again == nil || options.serialNumber != nil else {
            throw ValidationError("--again belongs to a request for an initial key")
        }
        _ = try KeyExport(options, in: site, try site.keyring())
        var issued: RunIdentifier?
        let (export, exported): (KeyExport, ExportedKey)
        do {
            (export, exported) = try global.audited("key export") { site, event in
                try perform(options, in: site, &event, &issued)
            }
        } catch let failure as UnrecordedEvent {
            throw Self.retire(issued, failure, in: site)
        }
        tell(export, exported, environment: site.environment)
        try global.console.write(WrappedKeyReport(exported), text: exported.material)
    }

    /// The key has not left, but its number is in the ledger: nobody gets it any more.
    private static func retire(_ run: RunIdentifier?, _ failure: UnrecordedEvent, in site: Site) -> UnrecordedEvent {
        guard let run else { return failure }
        let reason = "the audit log could not take the export, so the key did not leave"
        _ = try? Ledger.open(site)?.void(run, LedgerRun.Voiding(reason: reason))
        var failure = failure
        failure.hint = "nothing has left, but the serial number is retired: give the device another one"
        return failure
    }

    private func options(keyring: Keyring) throws -> KeyExportOptions {
        if let request { return try options(of: request) }
        guard let name else { throw ValidationError("expected the name of a key, or --cli-input-json") }
        var options = KeyExportOptions(key: name, by: try form.route(keyring: keyring))
        (options.header, options.profile) = (try header.options(), profile)
        (options.serialNumber, options.padding) = (serialNumber, padding ?? .none)
        options.expectedCheckValue = expectedCheckValue
        return options
    }

    private func perform(
        _ options: KeyExportOptions, in site: borrowing UnlockedSite, _ event: inout AuditEvent,
        _ issued: inout RunIdentifier?
    ) throws -> (KeyExport, ExportedKey) {
        try site.check(transport: options.route.transport)
        // One device is provisioned as much as a fleet is.
        if options.serialNumber != nil { try site.checkRun(operators: global.operators) }
        if let again {
            event.add(fact: "again", again)
            try site.checkReissue(operators: global.operators)
        }
        let keyring = try site.keyring()
        event.add(try keyring.entry(options.key), as: options.serialNumber == nil ? nil : UnlockedSite.baseKeyRole)
        try event.add(options.route, in: keyring)
        // The plan is made from the keyring that is now proved to be genuine, and not from an earlier look at it.
        let export = try KeyExport(options, in: site.site, keyring)
        for warning in export.warnings { event.add(fact: "warning", warning.message) }
        try export.checkLedger(of: site.site, again: again)
        let exported = try export.perform(in: site, tokens: global.tokens, operators: global.operators)
        issued = try export.register(operators: global.operators, again: again, in: site)
        if let issued { event.add(fact: "run_id", issued.description) }
        if let device = export.serialNumber { event.add(fact: "ksn", device.description) }
        if let header = exported.header { event.add(fact: "header", header) }
        event.add(fact: "kcv", exported.checkValue.description)
        event.add(fact: "sha256", Hexadecimal.text(ContentDigest.sha256(exported.material.utf8)).lowercased())
        return (export, exported)
    }

    private func tell(_ export: KeyExport, _ exported: ExportedKey, environment: SiteEnvironment) {
        let console = global.console
        for message in export.warnings { console.say(message) }
        for deviation in export.remarks {
            console.say(
                Message("\(deviation)", severity: deviation.severity == .note ? .notice : .warning))
        }
        if export.clearsCounter {
            console.say(Message("the counter of the key serial number is not zero; it is cleared", severity: .notice))
        }
        if environment == .test { console.notice("TEST key, from a test site") }
        let name = export.entry.name
        let device = export.serialNumber.map { "the initial key of \($0) under '\(name)'" } ?? "key '\(name)'"
        console.notice(
            "\(device), \(exported.algorithm.reportName), KCV \(exported.checkValue), leaves \(export.carrier.words)")
    }
}
