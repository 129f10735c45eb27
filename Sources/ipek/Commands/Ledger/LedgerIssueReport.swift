import Facility
import PaymentCrypto

/// Where a key serial number was used, as it is shown.
struct LedgerIssueReport: Encodable {
    let runID: String
    let state: String
    let fingerprint: String
    let reissued: Bool
    /// Whose it is; nil where the run has no index, or not this number in it.
    let deviceID: String?
    let slot: String?
    let kcv: String?

    enum CodingKeys: String, CodingKey {
        case state, fingerprint, reissued, slot, kcv
        case runID = "run_id"
        case deviceID = "device_id"
    }

    private struct Found: Error {}

    /// Looks the device up in the run's index, which is in the order of the devices: all of it is read.
    init(_ issue: LedgerIssue, of number: InitialKeySerialNumber, in ledger: Ledger, _ site: Site) throws {
        (runID, state) = (issue.run.description, issue.state.rawValue)
        (fingerprint, reissued) = (issue.baseKey.description, issue.isReissued)
        var entry: RunIndexEntry?
        if let seal = try ledger.run(issue.run).completion?.index {
            do {
                try RunIndex(issue.run, sealedBy: seal, in: site).forEach { candidate in
                    guard candidate.number == number, candidate.baseKey == issue.baseKey else { return }
                    entry = candidate
                    throw Found()
                }
            } catch is Found {}
        }
        (deviceID, slot, kcv) = (entry?.device, entry?.slot, entry?.kcv)
    }

    static let heading = ["RUN", "STATE", "BDK FINGERPRINT", "DEVICE", "SLOT", "KCV", "ISSUED AGAIN"]

    /// The cells of a row under the heading.
    var listRow: [String] {
        [runID, state, fingerprint, deviceID ?? "", slot ?? "", kcv ?? "", reissued ? "yes" : "no"]
    }
}

/// A device's whole story, as it is shown.
struct LedgerDeviceReport: Encodable {
    /// One key of the device.
    struct Key: Encodable {
        let runID: String
        let state: String
        let started: String
        let slot: String
        let ksn: String
        let kcv: String
        let bdk: String
        let fingerprint: String
        let operators: [String]
        /// Why the key was issued again, for a run that says so.
        let again: String?
        let output: String?
        let voided: LedgerRunReport.Voiding?
        let reconciliations: [LedgerRunReport.Reconciliation]
        /// What came back of the key over all of them: confirmed, mismatch or failed.
        let result: String?
        let returnedKCV: String?
        /// The words of a failure.
        let failure: String?

        enum CodingKeys: String, CodingKey {
            case state, started, slot, ksn, kcv, bdk, fingerprint, operators, again, output, voided, reconciliations
            case result, failure
            case returnedKCV = "returned_kcv"
            case runID = "run_id"
        }

        init(_ chapter: DeviceHistory.Chapter) {
            let (run, entry) = (LedgerRunReport(chapter.run), chapter.entry)
            (runID, state, started, slot) = (run.runID, run.state, run.started, entry.slot)
            (ksn, kcv, fingerprint) = (entry.number.description, entry.kcv, entry.baseKey.description)
            bdk = run.keys.first { $0.fingerprint == entry.baseKey }?.name ?? ""
            (operators, again, output, voided) = (run.operators, run.again, run.output, run.voided)
            reconciliations = run.reconciliations
            let returned = chapter.returned
            // A run of which something came back knows who is missing.
            result = returned?.result ?? (reconciliations.isEmpty ? nil : "missing")
            (returnedKCV, failure) = (returned?.kcv, returned.flatMap { $0.words.isEmpty ? nil : $0.words })
        }
    }

    let deviceID: String
    let keys: [Key]

    enum CodingKeys: String, CodingKey {
        case keys
        case deviceID = "device_id"
    }

    init(_ device: String, _ history: DeviceHistory) {
        deviceID = device
        keys = history.chapters.map { Key($0) }
    }

    /// Key by key, the earliest first.
    var text: String {
        keys.map { key in
            let facts: [(String, String?)] = [
                ("run", key.runID), ("state", key.state), ("started", key.started),
                ("operators", key.operators.isEmpty ? nil : key.operators.joined(separator: ", ")),
                ("slot", key.slot.isEmpty ? nil : key.slot), ("KSN", key.ksn), ("KCV", key.kcv), ("BDK", key.bdk),
                ("issued again", key.again), ("output", key.output),
                ("reconciled", key.reconciliations.last?.time), ("result", key.result), ("came back", key.returnedKCV),
                ("failure", key.failure), ("voided", key.voided?.text),
            ]
            return Columns.facts(
                facts.compactMap { name, value in value.map { (name, ShownText.withoutControls($0)) } })
        }.joined(separator: "\n\n")
    }
}
