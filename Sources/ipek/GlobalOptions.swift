import ArgumentParser
import Facility
import Glibc
import PaymentCrypto

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: "The site's folder (default: $IPEK_SITE, else ./site).")
    var site: String?

    @Option(
        name: .customLong("passphrase-file"),
        help: "A file with a custodian's passphrase on its first line, or /dev/fd/N; once per custodian, in order.")
    var passphraseFiles: [String] = []

    @Option(
        name: .customLong("operator"), help: "Who does it; repeatable, recorded in the audit log.",
        transform: Arguments.operatorName)
    var operators: [OperatorName] = []

    @Flag(help: "Print one JSON document on stdout.")
    var json = false

    @Flag(help: "Print errors and warnings only.")
    var quiet = false

    @Flag(name: .customLong("no-input"), help: "Never ask for anything.")
    var noInput = false

    func validate() throws {
        for (index, name) in operators.enumerated() where operators[..<index].contains(name) {
            throw ValidationError("--operator: \(name) is given twice")
        }
    }
}

extension GlobalOptions {
    /// Where to print.
    var console: Console { Console(json: json, quiet: quiet) }

    /// The folder that was meant.
    var sitePath: String {
        if let site { return site }
        guard let value = getenv("IPEK_SITE"), value[0] != 0 else { return "./site" }
        return String(cString: value)
    }

    /// Where passphrases come from.
    var passphrases: PassphraseReader { PassphraseReader(files: passphraseFiles, mayAsk: !noInput) }

    /// The site as anybody can read it.
    func readSite() throws -> Site { try Site(at: sitePath) }

    /// The site, opened with the passphrases of a quorum.
    func unlockSite() throws -> UnlockedSite {
        var reader = passphrases
        return try unlockSite(with: &reader)
    }

    /// The same, for a command that asks for something else afterwards.
    func unlockSite(with reader: inout PassphraseReader) throws -> UnlockedSite {
        let opened = try unlock(try readSite(), with: &reader)
        return opened.site
    }

    /// The site, and the secrets that opened it; `reserved` files at the end are for something else.
    func unlock(
        _ site: Site, with reader: inout PassphraseReader, reserved: Int = 0
    ) throws -> OpenedSite {
        try MemoryLock.check(for: site.environment, console)
        let count = max(site.quorum, reader.remainingFileCount - reserved)
        guard count <= site.custodianCount else {
            throw CommandFailure(
                .usage,
                "expected at most \(site.custodianCount) passphrase\(site.custodianCount == 1 ? "" : "s"), one for each custodian,"
                    + " found \(count)")
        }
        var secrets = CustodianSecrets(scrypt: site.scrypt)
        for number in 1...count {
            let prompt = count == 1 ? "passphrase of the site" : "passphrase \(number) of \(count)"
            try secrets.add(try reader.next(prompt))
        }
        let opened = try site.unlock(with: secrets)
        for record in opened.finished {
            console.notice(
                "event \(record.sequence) of the audit log, \(record.event.action), was cut short; it has taken effect now")
        }
        return OpenedSite(site: opened, secrets: secrets)
    }
}

/// An open site together with the secrets that opened it.
struct OpenedSite: ~Copyable {
    let site: UnlockedSite
    let secrets: CustodianSecrets
}
