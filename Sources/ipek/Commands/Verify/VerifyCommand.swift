import ArgumentParser
import Facility
import Glibc
import PaymentCrypto
import Provisioning

/// Looks at a finished run again.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Opens every output of a finished run again and compares it with the report, the BDK and SHA256SUMS.",
        discussion: """
            Ends with status 1 where anything was changed, is missing, was added or exchanged, and says where. Writes \
            nothing in DIR. A retired key still verifies.
            """)

    @Argument(help: "The folder that 'ipek provision --output' made.")
    var folder: String

    @Option(help: "How many workers (default: all cores).")
    var jobs: Int?

    @Flag(help: "Print every difference, not the first 100.")
    var all = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if let jobs, !(1...1_024).contains(jobs) {
            throw ValidationError("--jobs: expected 1 to 1024, found \(jobs)")
        }
    }

    func run() throws {
        let (console, interruption) = (global.console, Interruption())
        // What is no run, or has lost its keys, is refused before anybody is asked for a passphrase.
        let verification = try VerifyRun(options, interruption: interruption)
        try verification.check(in: try global.readSite().keyring())
        LockedArena.prepare(workers: options.jobs)
        let opened = try global.unlockSite()
        let (signals, progress) = (SignalWatch(interruption), ProgressLine(console))
        defer {
            progress.clear()
            signals.stop()
        }
        let report = try global.audited("verify", in: opened) { site, event in
            let report = try verification.run(in: site, tokens: global.tokens, progress: progress.show)
            report.describe(in: &event)
            return report
        }
        progress.clear()
        try VerifySummary(report, folder: folder).tell(console)
        if !report.isGood { throw CommandStatus(status: .finishedWithRejections) }
    }

    private var options: VerifyOptions {
        var options = VerifyOptions(folder: folder)
        options.jobs = jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        options.showsAllDifferences = all
        return options
    }
}
