import ArgumentParser
import Facility

/// Removes one key for ever.
struct KeyRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes a key from the keyring, or the components that wait for one, for ever.")

    @Argument(help: "The key's name.", transform: Arguments.keyName)
    var name: KeyName

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let removed: String
    }

    func run() throws {
        // Known before anybody is asked for a passphrase.
        let keyring = try global.readSite().keyring()
        if keyring.waitingKey(name) == nil { _ = try keyring.entry(name) }
        let removed = try global.audited("key remove") { site, event in
            event.add(name)
            return try site.remove(name, recording: &event)
        }
        global.console.notice(removed == nil ? "removed the components of key '\(name)'" : "removed key '\(name)'")
        if global.json { try global.console.write(Report(removed: name.description)) }
    }
}
