import ArgumentParser
import Facility

/// The command line's root.
struct Ipek: ParsableCommand {
    static let version = ToolVersion.current

    static let configuration = CommandConfiguration(
        commandName: "ipek",
        abstract: "Provisions terminal fleets with DUKPT initial keys.",
        version: "ipek \(version)",
        subcommands: [
            InitCommand.self, SiteCommand.self, KeyCommand.self, CertificateCommand.self, ExchangeCommand.self,
            CheckCommand.self, ProvisionCommand.self, VerifyCommand.self, ReconcileCommand.self,
            InspectCommand.self, LedgerCommand.self, AuditCommand.self, DoctorCommand.self, SelfTestCommand.self,
        ])
}
