import ArgumentParser
import Facility
import PaymentCrypto

/// Makes a random key.
struct KeyGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "generate", abstract: "Makes a random key.")

    @Argument(help: "The new key's name.", transform: Arguments.keyName)
    var name: KeyName

    @Option(
        help: "What it is for: bdk, initial-key, kek, kbpk, or any two-character usage of X9.143.",
        transform: Arguments.keyUsage)
    var usage: KeyUsage

    @Option(help: "Its cipher and length.")
    var algorithm: KeyAlgorithm

    @OptionGroup(title: "Token") var token: TokenDestinationOptions
    @OptionGroup(title: "Header") var header: NewKeyOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.readSite().keyring().checkIsFree(name)
        var keeper = KeyKeeper(console: global.console)
        keeper.token = token.destination(global.tokenVault)
        let header = try header.header(usage: usage, algorithm: algorithm, keeper: &keeper)
        let new = UnlockedSite.NewKey(name: name, header: header, origin: "generated")
        let report = try global.audited("key generate") { site, event in
            try keeper.keep(try SymmetricKey.random(algorithm), as: new, in: site, &event)
        }
        try keeper.show(report)
    }
}
