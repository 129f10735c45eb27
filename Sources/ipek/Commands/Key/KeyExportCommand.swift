import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

/// Hands one key on, under another one.
struct KeyExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Hands one key on, wrapped under another one.",
        discussion: """
            What is not given is taken from the key's own header, and what is given may only be more restrictive. With \
            --dukpt-ksn it is not the key that leaves but one device's initial key.
            """)

    @Argument(help: "The key's name.", transform: Arguments.keyName)
    var name: KeyName

    @Flag(name: .customLong("tr31"), help: "As a TR-31 / X9.143 key block.")
    var isKeyBlock = false

    @Option(help: "The key that it is wrapped under.", transform: Arguments.keyName)
    var under: KeyName

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

    @Option(help: "The header profile that says what the options do not.", transform: Arguments.keyName)
    var profile: KeyName?

    @OptionGroup(title: "Header options") var header: HeaderArguments
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard isKeyBlock else { throw ValidationError("expected --tr31, the form in which the key leaves") }
        guard serialNumber == nil else { return }
        if padding != nil { throw ValidationError("--ksn-padding belongs to --dukpt-ksn") }
        if header.allowExportable { throw ValidationError("--allow-exportable belongs to --dukpt-ksn") }
        if header.ksnBlock != nil { throw ValidationError("--ksn-block and --no-ksn-block belong to --dukpt-ksn") }
    }

    func run() throws {
        let options = try options()
        let site = try global.readSite()
        // What can be refused without a passphrase is refused before anybody is asked for one.
        _ = try KeyExport(options, keyring: try site.keyring(), profiles: site.profiles)
        let (export, exported) = try global.audited("key export") { site, event in
            try perform(options, in: site, &event)
        }
        tell(export, exported, environment: site.environment)
        try global.console.write(WrappedKeyReport(exported), text: exported.keyBlock)
    }

    private func perform(
        _ options: KeyExportOptions, in site: borrowing UnlockedSite, _ event: inout AuditEvent
    ) throws -> (KeyExport, ExportedKey) {
        try site.check(transport: .tr31)
        // One device is provisioned as much as a fleet is.
        if serialNumber != nil { try site.checkRun(operators: global.operators) }
        // One device is provisioned as much as a fleet is.
        if serialNumber != nil { try site.checkRun(operators: global.operators) }
        let keyring = try site.keyring()
        event.add(try keyring.entry(name), as: serialNumber == nil ? nil : "bdk")
        event.add(try keyring.entry(under), as: "under")
        // The plan is made from the keyring that is now proved to be genuine, and not from an earlier look at it.
        let export = try KeyExport(options, keyring: keyring, profiles: site.site.profiles)
        let exported = try export.perform(in: site, tokens: global.tokens)
        if let device = export.serialNumber { event.add(fact: "ksn", device.description) }
        event.add(fact: "header", String(exported.keyBlock.prefix(16)))
        event.add(fact: "kcv", exported.checkValue.description)
        event.add(fact: "sha256", Hexadecimal.text(ContentDigest.sha256(exported.keyBlock.utf8)).lowercased())
        return (export, exported)
    }

    private func options() throws -> KeyExportOptions {
        var options = KeyExportOptions(key: name, under: under)
        (options.header, options.profile) = (try header.options(), profile)
        (options.serialNumber, options.padding) = (serialNumber, padding ?? .none)
        options.expectedCheckValue = expectedCheckValue
        return options
    }

    private func tell(_ export: KeyExport, _ exported: ExportedKey, environment: SiteEnvironment) {
        let console = global.console
        for deviation in export.remarks {
            console.say(
                Message("\(deviation)", severity: deviation.severity == .note ? .notice : .warning))
        }
        if export.clearsCounter {
            console.say(Message("the counter of the key serial number is not zero; it is cleared", severity: .notice))
        }
        if environment == .test { console.notice("TEST key, from a test site") }
        let device = export.serialNumber.map { "the initial key of \($0) under '\(name)'" } ?? "key '\(name)'"
        console.notice(
            "\(device), \(exported.algorithm.reportName), KCV \(exported.checkValue), leaves under '\(under)',"
                + " KCV \(export.wrapping.checkValue)")
    }
}

/// What `aws payment-cryptography export-key` prints, and no member more.
struct WrappedKeyReport: Encodable {
    private let wrappedKey: WrappedKey

    private struct WrappedKey: Encodable {
        let keyCheckValue: String
        let keyCheckValueAlgorithm: String
        let keyMaterial: String
        let wrappedKeyMaterialFormat: String

        enum CodingKeys: String, CodingKey {
            case keyCheckValue = "KeyCheckValue"
            case keyCheckValueAlgorithm = "KeyCheckValueAlgorithm"
            case keyMaterial = "KeyMaterial"
            case wrappedKeyMaterialFormat = "WrappedKeyMaterialFormat"
        }
    }

    enum CodingKeys: String, CodingKey {
        case wrappedKey = "WrappedKey"
    }

    /// AWS shows 3 bytes of a check value, whatever its method.
    init(_ key: ExportedKey) {
        wrappedKey = WrappedKey(
            keyCheckValue: key.checkValue.prefix(3).description,
            keyCheckValueAlgorithm: key.checkValue.method.reportName, keyMaterial: key.keyBlock,
            wrappedKeyMaterialFormat: "TR31_KEY_BLOCK")
    }
}
