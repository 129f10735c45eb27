import ArgumentParser

/// The audit log.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verifies and shows the site's audit log.",
        subcommands: [AuditVerifyCommand.self, AuditListCommand.self])
}
