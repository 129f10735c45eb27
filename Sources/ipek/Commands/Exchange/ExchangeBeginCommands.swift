import ArgumentParser
import Facility
import PaymentCrypto

/// What both ways of an exchange take.
struct ExchangeOptions: ParsableArguments {
    @Option(help: "The key pair's length (default: the site's minimumRSA).")
    var algorithm: RSAKeySize?

    @Option(help: "In what form the keys move.")
    var material = Exchange.Material.tr34

    @Option(help: "For how many days, 1 to 365.")
    var days = 30

    func validate() throws {
        guard (1...365).contains(days) else { throw ValidationError("--days: expected 1 to 365, found \(days)") }
    }

    /// Begins the exchange, and prints what the partner needs.
    func begin(_ direction: Exchange.Direction, _ global: GlobalOptions) throws {
        let entry = try global.audited("exchange begin-\(direction.rawValue)") { site, event in
            let size = algorithm ?? site.site.settings.minimumRSA
            event.add(fact: "material", material.rawValue)
            event.add(fact: "algorithm", size.rawValue)
            return try site.beginExchange(direction, material, size, days: days, recording: &event)
        }
        guard let report = ExchangeReport(entry, at: .now) else { return }
        do { try global.console.write(report.parameters, text: report.text) } catch let failure as FileFailure {
            // Whoever hears of an error only would begin another one.
            throw CommandFailure(
                failure.status, failure.description,
                hint:
                    "the exchange is there all the same: 'ipek certificate show \(entry.name)' prints its certificate,"
                    + " 'ipek exchange end \(entry.name)' ends it")
        }
    }
}

/// Begins to send keys to a partner.
struct ExchangeBeginExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "begin-export", abstract: "Makes a signing key pair, whose certificate the partner takes.",
        discussion: "'ipek key export --tr34 --export-token TOKEN' signs with it until the exchange is over.")

    @OptionGroup var options: ExchangeOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard options.material == .tr34 else {
            throw ValidationError("--material: expected tr34, found \(options.material); nobody signs a cryptogram")
        }
    }

    func run() throws { try options.begin(.export, global) }
}

/// Begins to receive keys from a partner.
struct ExchangeBeginImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "begin-import", abstract: "Makes a receiving key pair, under which the partner wraps keys.",
        discussion: "'ipek key import NAME --import-token TOKEN' opens with it until the exchange is over.")

    @OptionGroup var options: ExchangeOptions
    @OptionGroup var global: GlobalOptions

    func run() throws { try options.begin(.import, global) }
}
