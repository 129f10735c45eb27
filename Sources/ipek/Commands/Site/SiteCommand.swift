import ArgumentParser

/// The site itself.
struct SiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Shows and changes the site's settings and passphrases.",
        subcommands: [
            SiteShowCommand.self, SiteSetCommand.self, SitePassphraseCommand.self, SiteProfileCommand.self,
            SiteBackupCommand.self, SiteRestoreCommand.self,
        ])
}

/// Shows the settings; no passphrase is needed.
struct SiteShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows the site's settings; needs no passphrase.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let report = try SiteReport(try global.readSite())
        try global.console.write(report, text: report.text)
    }
}
