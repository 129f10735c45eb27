import ArgumentParser
import Facility
import PaymentCrypto

/// Lists exchanges; no passphrase is needed.
struct ExchangeListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the exchanges of the site; needs no passphrase.")

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let exchanges: [ExchangeReport]
    }

    func run() throws {
        let now = Moment.now
        let exchanges = try global.readSite().keyring().exchanges.compactMap { ExchangeReport($0, at: now) }
        if exchanges.isEmpty, !global.json { return global.console.notice("there is no exchange") }
        try global.console.write(
            Report(exchanges: exchanges), text: Columns.table([ExchangeReport.heading] + exchanges.map(\.listRow)))
    }
}
