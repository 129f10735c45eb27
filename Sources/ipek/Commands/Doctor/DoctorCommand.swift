import ArgumentParser

/// Looks at the machine, the process and the site, and says what to do about what it finds.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks the machine and the site, and says what to do about each finding.",
        discussion: """
            Needs no passphrase, and no site. Ends with status 1 when a check found an error, which must be put right; \
            with warnings and notices it is 0.
            """)

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let checks: [Finding]
    }

    func run() throws {
        let subject = DoctorSubject(sitePath: global.sitePath)
        let findings = DoctorChecks.all.flatMap { $0(subject) }
        // --quiet is for what needs attention.
        let shown = global.quiet ? findings.filter { $0.state == .warning || $0.state == .error } : findings
        if global.json || !shown.isEmpty {
            try global.console.write(Report(checks: findings), text: shown.map(\.text).joined(separator: "\n"))
        }
        if findings.contains(where: { $0.state == .error }) { throw CommandStatus(status: .finishedWithRejections) }
    }
}
