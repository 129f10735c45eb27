import ArgumentParser
import Facility

/// Ends an exchange before its time.
struct ExchangeEndCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "end", abstract: "Ends an exchange: its key pair is removed for ever.")

    @Argument(help: "The exchange's token.", transform: Arguments.keyName)
    var token: KeyName

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let ended: String
    }

    func run() throws {
        // Known before anybody is asked for a passphrase.
        _ = try global.readSite().keyring().exchange(token)
        try global.audited("exchange end") { site, event in
            event.add(token)
            try site.endExchange(token, recording: &event)
        }
        global.console.notice("ended exchange '\(token)': its key pair is removed")
        if global.json { try global.console.write(Report(ended: token.description)) }
    }
}
