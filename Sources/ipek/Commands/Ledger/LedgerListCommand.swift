import ArgumentParser
import Facility

/// Lists the runs; no passphrase is needed.
struct LedgerListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists all runs and single keys, the earliest first; needs no passphrase.")

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let runs: [LedgerRunReport]
    }

    func run() throws {
        let runs = try Ledger.openCurrent(try global.readSite())?.runs() ?? []
        let reports = runs.map { LedgerRunReport($0) }
        if reports.isEmpty, !global.json { return global.console.notice("nothing was ever issued") }
        try global.console.write(
            Report(runs: reports), text: Columns.table([LedgerRunReport.heading] + reports.map(\.listRow)))
    }
}
