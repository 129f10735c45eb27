import ArgumentParser
import Facility

/// Ends a key's use.
struct KeyRetireCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Retires a key: from now on it only verifies and reconciles what it was used for; or a trust anchor.")

    @Argument(help: "The key's name.", transform: Arguments.keyName)
    var name: KeyName

    @Option(help: "Why, in your own words.", transform: Arguments.retirement)
    var reason: Retirement

    @OptionGroup var global: GlobalOptions

    func run() throws {
        // Known before anybody is asked for a passphrase.
        try global.readSite().keyring().checkIsThere(name)
        let keyring = try global.audited("key retire") { site, event in
            event.add(name)
            event.add(fact: "reason", reason.reason)
            return try site.annotate(name, recording: &event) { (annotations) throws(FacilityError) in
                try annotations.retire(name, reason)
            }
        }
        let report = try AnyKeyReport(name, in: keyring)
        try global.console.write(report, text: report.text)
    }
}
