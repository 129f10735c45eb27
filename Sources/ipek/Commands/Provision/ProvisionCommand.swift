import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

/// The main job.
struct ProvisionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provision",
        abstract: "Derives and wraps the initial key of every device of a manifest.",
        discussion: """
            Writes DIR.incomplete and renames it to DIR when everything is on disk: DIR is complete or absent. Without \
            --keep-going one bad row stops the run before any key is made. What an interrupted run has done is kept in \
            DIR.incomplete, and --resume completes it.
            """)

    @OptionGroup var arguments: ManifestArguments

    @Flag(help: "Completes an interrupted run of the same manifest, keys and options from its DIR.incomplete.")
    var resume = false

    @OptionGroup(title: "Transports to public keys") var publicKeys: PublicKeyArguments
    @OptionGroup(title: "Header options") var header: HeaderArguments
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard let output = arguments.output, !output.isEmpty else {
            throw ValidationError("missing --output, the folder to make")
        }
        try arguments.check(publicKeys, header)
    }

    func run() throws {
        let (console, interruption) = (global.console, Interruption())
        // What can be refused without a passphrase is refused before anybody is asked for one.
        let site = try global.readSite()
        let keyring = try site.keyring()
        var options = arguments.provisionOptions(
            try header.options(), try arguments.runTransport(publicKeys, keyring))
        options.operators = global.operators.map(\.description)
        _ = try ProvisionRun(
            options, in: site, keyring: keyring, profiles: site.profiles, interruption: interruption)
        if resume {
            try OutputFolder.checkCanResume(options.output)
        } else {
            try OutputFolder.checkIsFree(options.output)
        }
        var journal = RunJournal(global, transport: arguments.transport)
        switch try perform(options, interruption, ProgressLine(console), &journal) {
        case .badManifest(let report):
            try CheckSummary(report, manifest: arguments.manifest).tell(console)
            throw CommandStatus(status: .badInput)
        case .finished(let record, let report):
            CheckSummary(report, manifest: arguments.manifest).tellFaults(console)
            for warning in journal.warnings { console.say(warning) }
            try RunSummary(record, output: options.output, auditHead: journal.head).tell(console)
            if record.counts.rejected > 0 { throw CommandStatus(status: .finishedWithRejections) }
        }
    }

    private func perform(
        _ options: ProvisionOptions, _ interruption: Interruption, _ progress: ProgressLine,
        _ journal: inout RunJournal
    ) throws -> ProvisionRun.Outcome {
        LockedArena.prepare(workers: options.manifest.jobs)
        let opened = try global.unlockSite()
        let signals = SignalWatch(interruption)
        defer {
            progress.clear()
            signals.stop()
        }
        return try journal.keep(in: opened) { site, journal in
            try run(options, on: site, interruption, progress, &journal)
        }
    }

    private func run(
        _ options: ProvisionOptions, on site: borrowing UnlockedSite, _ interruption: Interruption,
        _ progress: ProgressLine, _ journal: inout RunJournal
    ) throws -> ProvisionRun.Outcome {
        if options.manifest.again != nil { try site.checkReissue(operators: global.operators) }
        // The plan is made from the keyring that is now proved to be genuine, and not from an earlier look at it.
        let interrupted =
            resume ? try InterruptedRun(options.output, site: site.site, key: try site.runJournalKey()) : nil
        let run = try ProvisionRun(
            options, in: site.site, keyring: try site.keyring(), profiles: site.site.profiles,
            interruption: interruption, resuming: interrupted)
        journal.name(run)
        // What comes through a pipe is kept in the new folder for the second pass.
        var folder: OutputFolder?
        let manifest = try ManifestFile(arguments.manifest, interruption: interruption) {
            if let interrupted { return try interrupted.makeSpool() }
            let made = try OutputFolder(options.output)
            folder = made
            return try made.makeSpool()
        }
        return try run.run(
            manifest: manifest.descriptor, site: site, tokens: global.tokens, output: folder, resuming: interrupted,
            progress: progress.show, witness: { try journal.write($0, in: site) })
    }
}
