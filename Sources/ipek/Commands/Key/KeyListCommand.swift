import ArgumentParser
import Facility

/// Lists the keys; no passphrase is needed.
struct KeyListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the keys of the site; needs no passphrase.")

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let keys: [KeyReport]
    }

    func run() throws {
        let keys = try global.readSite().keyring().entries.map { KeyReport($0) }
        if keys.isEmpty, !global.json { return global.console.notice("the keyring is empty") }
        try global.console.write(
            Report(keys: keys), text: Columns.table([KeyReport.listHeading] + keys.map(\.listRow)))
    }
}

/// Shows one key; no passphrase is needed.
struct KeyShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what is known of a key, never its value; needs no passphrase.")

    @Argument(help: "The key's name.", transform: Arguments.keyName)
    var name: KeyName

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let report = KeyReport(try global.readSite().keyring().entry(name))
        try global.console.write(report, text: report.text)
    }
}

/// Removes one key for ever.
struct KeyRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Removes a key from the keyring, for ever.")

    @Argument(help: "The key's name.", transform: Arguments.keyName)
    var name: KeyName

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let removed: String
    }

    func run() throws {
        // Known before anybody is asked for a passphrase.
        _ = try global.readSite().keyring().entry(name)
        try global.audited("key remove") { site, event in
            event.add(try site.keyring().entry(name))
            try site.remove(name)
        }
        global.console.notice("removed key '\(name)'")
        if global.json { try global.console.write(Report(removed: name.description)) }
    }
}
