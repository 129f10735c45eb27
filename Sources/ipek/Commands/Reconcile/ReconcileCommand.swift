import ArgumentParser
import Facility
import PaymentCrypto
import Provisioning

/// Closes the loop after a run: what came back from the injection line against what was issued.
struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Holds the check values that came back against those that a run has issued.",
        discussion: """
            Every device of the run is then confirmed, mismatch, failed, missing or rejected; what the run does not have is \
            unexpected. Writes DIR.reconciliation.csv and .html beside the run and keeps earlier ones.
            """)

    @Argument(help: ArgumentHelp("The folder that 'provision' made.", valueName: "dir"))
    var folder: String

    @Argument(help: "What came back, a CSV file with device_id and kcv; - reads standard input.")
    var returned: String

    @Option(
        help: "A column that the return calls by another name, as ours=theirs; repeatable.",
        transform: Arguments.columnMapping)
    var map: [ColumnMapping<ReturnColumn>] = []

    @Flag(help: "Print every fault, not the first \(DiagnosticList.defaultLimit).")
    var all = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        for (index, mapping) in map.enumerated() where map[..<index].contains(where: { $0.ours == mapping.ours }) {
            throw ValidationError("--map: column \(mapping.ours.rawValue) is given twice")
        }
    }

    func run() throws {
        let (console, interruption) = (global.console, Interruption())
        // What can be refused without a passphrase is refused before anybody is asked for one.
        _ = try global.readSite()
        var options = ReconciliationOptions(folder: folder, returned: returned, toolVersion: Ipek.version)
        (options.mappings, options.showsAllFaults) = (map, all)
        options.operators = global.operators.map(\.description)
        let run = try ReconciliationRun(options, interruption: interruption)
        let file = try ManifestFile(
            returned, kind: "return", interruption: interruption, makeSpool: ManifestFile.makeNamelessFile)
        let site = try global.unlockSite()
        let (signals, progress) = (SignalWatch(interruption), ProgressLine(console))
        defer {
            progress.clear()
            signals.stop()
        }
        var journal = ReconciliationJournal(global, run)
        let outcome = try journal.keep(in: site) { site in
            try run.compare(returned: file.descriptor, in: site, progress: progress.show)
        }
        progress.clear()
        try ReconciliationReport(outcome, returned: returned).tell(console)
    }
}
