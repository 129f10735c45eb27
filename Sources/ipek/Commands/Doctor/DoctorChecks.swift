import Facility

/// What the checks look at, beside the machine.
struct DoctorSubject {
    /// Where the site is, or would be.
    let sitePath: String
    /// The site as anybody can read it, or why it cannot be read.
    let site: Result<Site, any Error>
    /// Its keyring, likewise.
    let keyring: Result<Keyring, any Error>

    init(sitePath: String) {
        self.sitePath = sitePath
        let site = Result { try Site(at: sitePath) }
        self.site = site
        keyring = site.flatMap { site in Result { try site.keyring() } }
    }

    /// Whether real keys are at stake.
    var isProduction: Bool { (try? site.get())?.environment == .production }
}

/// All that `doctor` does, in the order in which it says it.
enum DoctorChecks {
    /// A check gives one finding, or several, or none where there is nothing to look at.
    typealias Check = @Sendable (DoctorSubject) -> [Finding]

    static let all: [Check] = [
        standing,
        // The machine.
        MachineChecks.swap, MachineChecks.corePattern, MachineChecks.debuggers, MachineChecks.processor,
        MachineChecks.clock, MachineChecks.synchronisation,
        // This process.
        ProcessChecks.user, ProcessChecks.coreLimit, ProcessChecks.dumps, ProcessChecks.lockedMemory,
        EnvironmentChecks.variables, LibraryChecks.openSSL, LibraryChecks.selfTest,
        // The site.
        SpaceChecks.space, SiteChecks.site, SiteChecks.files, ClearKeyChecks.clearKeys,
        TokenChecks.tokens,
    ]

    /// What no check can change.
    private static func standing(_: DoctorSubject) -> [Finding] {
        [
            Finding(
                "standing", .notice,
                "ipek is software, not an HSM, and not 'PCI compliant': a facility is assessed, not a tool",
                remedy: "docs/security.md says where clear keys are, and what that asks of the machine")
        ]
    }
}
