import ArgumentParser
import Facility
import PaymentCrypto

/// Answers an auditor's questions; no passphrase is needed.
struct LedgerShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a run, or what became of a key serial number, a device or a BDK; needs no passphrase.",
        discussion: "Give the run, or one of the options; --bdk may stand beside --ksn.")

    @Argument(help: "The run, as run.json and 'ipek ledger list' call it.", transform: Arguments.run)
    var identifier: RunIdentifier?

    @Option(name: .customLong("run"), help: "The same.", transform: Arguments.run)
    var named: RunIdentifier?

    @Option(help: "A key serial number: 20 digits (TDES), 24 or 16 (AES); its counter does not matter.")
    var ksn: String?

    @Option(help: "A device_id; case does not matter.")
    var device: String?

    @Option(help: "A base derivation key, by its name or its fingerprint.")
    var bdk: String?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        let subjects = [identifier != nil, named != nil, ksn != nil, device != nil, bdk != nil && ksn == nil]
        guard subjects.count(where: { $0 }) == 1 else {
            throw ValidationError("expected one of a run, --ksn, --device and --bdk")
        }
    }

    func run() throws {
        let site = try global.readSite()
        let ledger = try Ledger.openCurrent(site)
        if let run = identifier ?? named {
            guard let ledger else { throw FacilityError.ledger(.runMissing(run)) }
            return try show(try ledger.run(run), in: ledger)
        }
        if let device { return try show(device: device, in: ledger, site) }
        let baseKey = try bdk.map { try Self.fingerprint($0, try site.keyring()) }
        if let ksn { return try show(number: try Self.number(ksn), under: baseKey, in: ledger, site) }
        if let baseKey { try show(baseKey, in: ledger) }
    }

    // MARK: Answers

    private struct RunDocument: Encodable {
        let run: LedgerRunReport
        let numbers: [LedgerRunReport.Numbers]
    }

    private func show(_ run: LedgerRun, in ledger: Ledger) throws {
        let (report, numbers) = (LedgerRunReport(run), try LedgerRunReport.Numbers.all(of: run, in: ledger))
        try global.console.write(RunDocument(run: report, numbers: numbers), text: report.text(with: numbers))
    }

    private struct BaseKeyDocument: Encodable {
        let fingerprint: String
        let issued: Int
        let runs: [LedgerRunReport]
    }

    private func show(_ baseKey: KeyFingerprint, in ledger: Ledger?) throws {
        let runs = try ledger?.runs(under: baseKey) ?? []
        let issued = runs.filter { $0.state != .released }.flatMap(\.numbers)
            .reduce(0) { $0 + ($1.baseKey == baseKey ? $1.count - $1.reissued : 0) }
        let reports = runs.map { LedgerRunReport($0) }
        if reports.isEmpty, !global.json { return global.console.notice("nothing was ever issued under this key") }
        let facts = Columns.facts([("fingerprint", baseKey.description), ("numbers", "\(issued)")])
        try global.console.write(
            BaseKeyDocument(fingerprint: baseKey.description, issued: issued, runs: reports),
            text: facts + "\n\n" + Columns.table([LedgerRunReport.heading] + reports.map(\.listRow)))
    }

    private struct NumberDocument: Encodable {
        let ksn: String
        let issues: [LedgerIssueReport]
    }

    private func show(
        number: InitialKeySerialNumber, under baseKey: KeyFingerprint?, in ledger: Ledger?, _ site: Site
    ) throws {
        let issues = try ledger.map { ledger in
            try ledger.issues(of: number, under: baseKey).map {
                try LedgerIssueReport($0, of: number, in: ledger, site)
            }
        }
        if issues?.isEmpty ?? true, !global.json { return global.console.notice("no run has \(number)") }
        try global.console.write(
            NumberDocument(ksn: number.description, issues: issues ?? []),
            text: Columns.table([LedgerIssueReport.heading] + (issues ?? []).map(\.listRow)))
    }

    private func show(device: String, in ledger: Ledger?, _ site: Site) throws {
        let history = try ledger?.history(ofDevice: device, in: site) ?? DeviceHistory()
        let report = LedgerDeviceReport(device, history)
        for damage in history.damaged {
            global.console.warn(
                ShownText.line("run \(damage.run) may have this device, too: \(damage.error)"),
                hint: "take the site's runs folder from a backup")
        }
        if report.keys.isEmpty, !global.json {
            return global.console.notice(ShownText.line("no run has a device '\(device)'"))
        }
        try global.console.write(report, text: report.text)
    }

    // MARK: Questions

    private static func number(_ text: String) throws -> InitialKeySerialNumber {
        do throws(KeySerialNumberError) {
            return try KeySerialNumber(text, family: text.utf8.count == 20 ? .tdes : .aes).initial
        } catch {
            throw ValidationError("--ksn: expected 20, 24 or 16 hexadecimal digits")
        }
    }

    /// A key that is gone from the keyring is known by its fingerprint only.
    private static func fingerprint(_ text: String, _ keyring: Keyring) throws -> KeyFingerprint {
        if let name = KeyName(text), let entry = keyring.entries.first(where: { $0.name == name }) {
            guard let fingerprint = entry.fingerprint else {
                throw CommandFailure(.refused, "key '\(name)' is no base derivation key")
            }
            return fingerprint
        }
        if let fingerprint = KeyFingerprint(text) { return fingerprint }
        throw FacilityError.keyMissing(try Arguments.keyName(text))
    }
}

extension Arguments {
    static func run(_ text: String) throws -> RunIdentifier {
        try expect("a run, as run.json calls it", RunIdentifier(text))
    }

    /// Why somebody does what needs a reason.
    static func reason(_ text: String) throws -> String { try retirement(text).reason }
}
