import ArgumentParser

/// Exchanges of keys with a partner.
struct ExchangeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchange",
        abstract: "Makes the key pair, certificate and token for an exchange of keys with a partner.",
        discussion: """
            begin-export and begin-import do what AWS Payment Cryptography's get-parameters-for-export and \
            get-parameters-for-import do, without a network; with --json they print what these print.
            """,
        subcommands: [
            ExchangeBeginExportCommand.self, ExchangeBeginImportCommand.self, ExchangeListCommand.self,
            ExchangeEndCommand.self,
        ])
}
