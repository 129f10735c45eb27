import ArgumentParser
import Facility
import PaymentCrypto

/// Makes a random key.
struct KeyGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Makes a random key, or an RSA key pair.")

    @Argument(help: "The new key's name.", transform: Arguments.keyName)
    var name: KeyName

    @Option(help: AnyKeyUsage.help, transform: Arguments.anyKeyUsage)
    var usage: AnyKeyUsage

    @Option(help: "Its cipher and length.")
    var algorithm: AnyKeyAlgorithm

    @OptionGroup(title: "Token") var token: TokenDestinationOptions
    @OptionGroup(title: "Header") var header: NewKeyOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard case .rsa = try AnyKeyKind(usage, algorithm) else { return }
        guard header.isEmpty else { throw ValidationError("an RSA key has no header: expected no header options") }
        guard token.uri == nil else {
            throw ValidationError(
                "--to-token takes TDES and AES keys: make an RSA key with the token's own tools, and attach it")
        }
    }

    func run() throws {
        try global.readSite().keyring().checkIsFree(name)
        switch try AnyKeyKind(usage, algorithm) {
        case .symmetric(let usage, let algorithm): try generate(usage, algorithm)
        case .rsa(let usage, let size): try generate(usage, size)
        }
    }

    private func generate(_ usage: KeyUsage, _ algorithm: KeyAlgorithm) throws {
        var keeper = KeyKeeper(console: global.console)
        keeper.token = token.destination(global.tokenVault)
        let header = try header.header(usage: usage, algorithm: algorithm, keeper: &keeper)
        let new = UnlockedSite.NewKey(name: name, header: header, origin: "generated")
        let report = try global.audited("key generate") { site, event in
            try keeper.keep(try SymmetricKey.random(algorithm), as: new, in: site, &event)
        }
        try keeper.show(report)
    }

    private func generate(_ usage: RSAKeyUsage, _ size: RSAKeySize) throws {
        let entry = try global.audited("key generate") { site, event in
            event.add(name)
            return try site.generate(
                size, as: UnlockedSite.NewRSAKey(name: name, usage: usage, origin: "generated"), recording: &event)
        }
        let report = RSAKeyReport(entry)
        try global.console.write(report, text: report.text)
    }
}
