import Facility
import PaymentCrypto
import Provisioning

/// Writes a run into the audit log: when its keys are taken out, and what came of it.
///
/// The end is written before the folder gets its name; so a `provision` that is done may be followed by one that failed,
/// of the same run, where the name was taken meanwhile.
struct RunJournal {
    private let global: GlobalOptions
    private let transport: KeyTransport
    private var end: AuditEvent
    private var runID: String?
    private var undertaking: Undertaking?
    /// The digest of the last line that was written.
    private(set) var head: AuditHead?
    /// What a person should know before the output is sent off.
    private(set) var warnings: [Message] = []

    init(_ global: GlobalOptions, transport: KeyTransport) {
        (self.global, self.transport) = (global, transport)
        end = global.event("provision")
    }

    /// The run is known by this name from now on.
    mutating func name(_ run: ProvisionRun) {
        runID = run.id
        end.add(fact: "run_id", run.id)
        if let signer = run.signerWithoutRevocationList {
            warnings = [.noSignerRevocationList("the tokens carry", signer)]
        }
        for warning in warnings { end.add(fact: "warning", warning.message) }
    }

    /// Runs `body`, and records it when it fails; its moments are written by itself.
    mutating func keep(
        in site: borrowing UnlockedSite,
        _ body: (borrowing UnlockedSite, inout RunJournal) throws -> ProvisionRun.Outcome
    ) throws -> ProvisionRun.Outcome {
        // What could not be recorded is not begun.
        try site.checkAuditLog()
        do {
            try site.check(operators: global.operators)
            try site.checkRun(operators: global.operators)
            try site.check(transport: transport)
            let outcome = try body(site, &self)
            if case .badManifest(let report) = outcome { try refuse(report, in: site) }
            return outcome
        } catch let failure as UnrecordedEvent {
            throw failure
        } catch let stopped as StoppedRun where stopped.cause is UnrecordedEvent {
            throw stopped
        } catch {
            try global.record(&end, failing: error, in: site)
            throw error
        }
    }

    /// Records a moment of the run.
    mutating func write(_ moment: RunMoment, in site: borrowing UnlockedSite) throws {
        switch moment {
        case .beginning:
            var event = global.event("provision" + Undertaking.actionEnd)
            if let runID { event.add(fact: "run_id", runID) }
            moment.describe(in: &event)
            // A run that fails from here on has used these keys.
            end.keys = event.keys
            undertaking = try write(event) { (event) throws(FacilityError) in try site.begin(event) }
            end.undertaking = undertaking?.head
        case .ending:
            moment.describe(in: &end)
            head = try write(end) { (event) throws(FacilityError) in try site.record(event) }
        }
    }

    private func write<R>(_ event: AuditEvent, _ body: (AuditEvent) throws(FacilityError) -> R) throws -> R {
        do throws(FacilityError) { return try body(event) } catch {
            throw UnrecordedEvent(
                event: event, failure: error, happened: "was stopped, because the audit log cannot take it",
                hint: "nothing was left behind")
        }
    }

    private mutating func refuse(_ report: CheckReport, in site: borrowing UnlockedSite) throws {
        end.result = .refused
        end.reason = "the manifest has \(report.errorCount) fault\(report.errorCount == 1 ? "" : "s")"
        end.add(fact: "manifest_sha256", report.digest?.description ?? "")
        try global.record(&end, in: site)
    }
}
