import ArgumentParser
import Facility

/// Removes one key for ever.
struct KeyRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes a key from the keyring for ever, a trust anchor, or the components that wait for a key.")

    @Argument(help: "The key's name.", transform: Arguments.keyName)
    var name: KeyName

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let removed: String
    }

    func run() throws {
        // Known before anybody is asked for a passphrase.
        let keyring = try global.readSite().keyring()
        if keyring.waitingKey(name) == nil { try keyring.checkIsThere(name) }
        let kind = try global.audited("key remove") { site, event in
            event.add(name)
            return try site.remove(name, recording: &event)
        }
        global.console.notice("removed \(Self.words(kind)) '\(name)'")
        if global.json { try global.console.write(Report(removed: name.description)) }
    }

    private static func words(_ kind: Keyring.Kind?) -> String {
        switch kind {
        case .symmetric: "key"
        case .rsa: "RSA key"
        case .anchor: "trust anchor"
        case nil: "the components of key"
        }
    }
}
