import ArgumentParser
import Facility
import PaymentCrypto

/// Makes a site.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Makes a site: a folder with settings and an empty keyring.")

    @Option(help: "What the keys are for: test or production.")
    var environment = SiteEnvironment.test

    @Option(help: "How many custodians have a passphrase, at most \(CustodianSecrets.maximumCount).")
    var custodians = 1

    @Option(help: "How many custodians it takes to open the site (default: all).")
    var quorum: Int?

    @Option(name: .customLong("scrypt-log-n"), help: "The cost of trying a passphrase: scrypt's N is 2 to this power.")
    var scryptLogN = ScryptParameters.standardLogN

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...CustodianSecrets.maximumCount).contains(custodians) else {
            throw ValidationError(
                "--custodians: expected 1 to \(CustodianSecrets.maximumCount), found \(custodians)")
        }
        guard (1...custodians).contains(quorum ?? custodians) else {
            throw ValidationError("--quorum: expected 1 to \(custodians), found \(quorum ?? 0)")
        }
        let costs = ScryptParameters.permittedLogN
        guard costs.contains(scryptLogN) else {
            throw ValidationError(
                "--scrypt-log-n: expected \(costs.lowerBound) to \(costs.upperBound), found \(scryptLogN)")
        }
        guard global.passphraseFiles.count <= custodians else {
            throw ValidationError(
                "--passphrase-file: expected at most \(custodians), found \(global.passphraseFiles.count)")
        }
    }

    func run() throws {
        let new = try NewSite(path: global.sitePath, environment: environment, quorum: quorum ?? custodians)
        try MemoryLock.check(for: environment, global.console)
        guard let scrypt = try ScryptParameters.random(logN: scryptLogN) else { return }
        var secrets = CustodianSecrets(scrypt: scrypt)
        var reader = global.passphrases
        for number in 1...custodians {
            try secrets.add(try reader.next("new passphrase of custodian \(number) of \(custodians)", isNew: true))
        }
        let site = try new.make(for: secrets, recording: global.event("init")).site
        tell(site)
        if global.json { try global.console.write(try SiteReport(site)) }
    }

    private func tell(_ site: Site) {
        let console = global.console
        console.notice(
            "made a \(site.environment.rawValue) site at \(site.path): "
                + "\(site.quorum) of \(site.custodianCount) custodians open it")
        guard site.environment == .production else { return }
        console.notice(
            """
            a production site refuses the published test keys, keys that arrive under weaker ones, and provisioning with
            keys from the keyring, whose clear bytes would be in this process; 'ipek site set allowSoftwareKeys true'
            permits the last
            """)
    }
}
