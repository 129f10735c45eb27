import ArgumentParser
import Facility
import PaymentCrypto

/// Replaces one custodian's passphrase.
struct SitePassphraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase", abstract: "Replaces one custodian's passphrase.",
        discussion: """
            A quorum opens the site first, then the new passphrase is asked for. It replaces the passphrase that was \
            given first, or the one of --custodian, who need not be there. With more files than the quorum, the last \
            one holds the new passphrase.
            """)

    @Option(help: "The custodian, counted from 1 in the order of 'ipek init' (default: whose passphrase came first).")
    var custodian: Int?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let site = try global.readSite()
        try checkCustodian(of: site)
        var reader = global.passphrases
        let opened = try global.unlock(
            site, with: &reader, reserved: reader.remainingFileCount > site.quorum ? 1 : 0)
        let number = try global.audited("site passphrase", in: opened.site) { site, event in
            let given = try site.custodian(ofSecret: 0, in: opened.secrets)
            guard let number = custodian ?? given else {
                throw CommandFailure(
                    .refused, "the first passphrase is no custodian's", hint: "name one with --custodian")
            }
            event.add(fact: "custodian", "\(number)")
            let passphrase = try reader.next("new passphrase of custodian \(number)", isNew: true)
            try site.replacePassphrase(ofCustodian: number, by: passphrase, recording: &event)
            return number
        }
        global.console.notice("replaced the passphrase of custodian \(number)")
        if global.json { try global.console.write(try SiteReport(site)) }
    }

    private func checkCustodian(of site: Site) throws {
        guard let custodian, !(1...site.custodianCount).contains(custodian) else { return }
        throw CommandFailure(.usage, "--custodian: expected 1 to \(site.custodianCount), found \(custodian)")
    }
}
