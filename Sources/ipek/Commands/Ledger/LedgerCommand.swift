import ArgumentParser

/// The lasting record of what was issued.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Shows which key serial numbers were issued, and voids runs.",
        subcommands: [LedgerListCommand.self, LedgerShowCommand.self, LedgerVoidCommand.self])
}
