import ArgumentParser
import Facility
import Glibc
import Provisioning

/// Gives the numbers of a run back, or retires them.
struct LedgerVoidCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "void", abstract: "Voids a run: its key serial numbers are released or retired.",
        discussion: """
            The numbers of a run that never completed an output are released: others may have them. Those of a \
            completed run are retired for ever, since its keys may have left the building.
            """)

    @Argument(help: "The run, as run.json and 'ipek ledger list' call it.", transform: Arguments.run)
    var identifier: RunIdentifier

    @Option(help: "Why, in your own words.", transform: Arguments.reason)
    var reason: String

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let run: LedgerRunReport
    }

    func run() throws {
        // Known before anybody is asked for a passphrase.
        let ledger = try openLedger()
        let output = try ledger.run(identifier).start.output
        // As long as it is held nobody goes on with the run.
        let hold = try output.flatMap { try FileHold.ofRun(in: $0) }
        defer { withExtendedLifetime(hold) {} }
        var isVoided = false
        do {
            try global.audited("ledger void") { site, event in
                event.add(fact: "run_id", identifier.description)
                event.add(fact: "reason", reason)
                try site.checkRun(operators: global.operators)
                let voiding = LedgerRun.Voiding(
                    reason: reason, operators: global.operators, auditHead: try site.auditHead())
                let exists = output.map { Self.exists($0) } ?? false
                event.add(fact: "state", try ledger.void(identifier, voiding, outputExists: exists).state.rawValue)
                isVoided = true
            }
        } catch let failure as UnrecordedEvent where isVoided {
            throw UnrecordedEvent(
                event: failure.event, failure: failure.failure, happened: "is done, but the audit log cannot take it",
                hint: "the ledger keeps when, why and by whom; see to the audit log at once")
        }
        try tell(LedgerRunReport(try ledger.run(identifier)), output)
    }

    private func openLedger() throws -> Ledger {
        guard let ledger = try Ledger.openCurrent(try global.readSite()) else {
            throw FacilityError.ledger(.runMissing(identifier))
        }
        return ledger
    }

    private func tell(_ report: LedgerRunReport, _ output: String?) throws {
        let meaning =
            report.state == LedgerRun.State.released.rawValue
            ? "others may have its numbers" : "nobody gets its numbers again"
        global.console.notice("run \(identifier) is \(report.state): \(meaning)")
        if let output { tellRemains(of: output, meaning) }
        if global.json { try global.console.write(Report(run: report)) }
    }

    /// What was written stays where it is: only people know who has a copy.
    private func tellRemains(of output: String, _ meaning: String) {
        if Self.exists(output + ".incomplete") {
            global.console.warn(
                ShownText.line("\(output).incomplete is still there, and \(meaning)"),
                hint: "destroy it; a run that is void is not completed")
        }
        if Self.exists(output) {
            global.console.warn(
                ShownText.line("\(output) is still there, and \(meaning)"),
                hint: "hand out no more of its keys; keep check-values.csv and report.html, which tell what they were")
        }
    }

    private static func exists(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0
    }
}
