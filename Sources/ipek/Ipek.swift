import ArgumentParser

/// The command line's root.
struct Ipek: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "ipek",
        abstract: "Provisions terminal fleets with DUKPT initial keys.",
        version: "ipek \(version)",
        subcommands: [
            InitCommand.self, SiteCommand.self, KeyCommand.self, CheckCommand.self, ProvisionCommand.self,
            InspectCommand.self, SelfTestCommand.self,
        ])
}
