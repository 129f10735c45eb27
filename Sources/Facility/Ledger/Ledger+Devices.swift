public import PaymentCrypto

/// What the site knows of one device, over all of its runs.
public struct DeviceHistory: Sendable {
    /// One key of the device.
    public struct Chapter: Sendable {
        /// The run that made it, and what became of that.
        public let run: LedgerRun
        /// Slot, serial number and check value.
        public let entry: RunIndexEntry
        /// What came back of it over all returns of the run; nil where nothing did.
        public let returned: Returned?
    }

    /// What came back of a key from the injection line.
    public struct Returned: Sendable, Equatable {
        /// The slot.
        public let slot: String
        /// `confirmed`, `mismatch` or `failed`.
        public let result: String
        /// The check value that came back.
        public let kcv: String
        /// The words of the last failure.
        public let words: String

        init(_ entry: DeviceReturn) {
            func text(_ field: DeviceReturn.Field) -> String { String(decoding: field, as: UTF8.self) }
            (slot, result) = (text(entry.slot), text(entry.result))
            (kcv, words) = (text(entry.checkValue), text(entry.words))
        }
    }

    /// Every key, the earliest first.
    public internal(set) var chapters: [Chapter] = []
    /// Runs whose index cannot be looked into, and why: the device may be in them, too.
    public internal(set) var damaged: [(run: RunIdentifier, error: FacilityError)] = []

    /// Of a device that nobody knows.
    public init() {}
}

extension Ledger {
    /// A device's whole story, from the indices of all finished runs.
    public func history(ofDevice device: String, in site: Site) throws(FacilityError) -> DeviceHistory {
        var history = DeviceHistory()
        for run in try runs() {
            guard let seal = run.completion?.index else { continue }
            do throws(FacilityError) {
                let index = try RunIndex(run.identifier, sealedBy: seal, in: site)
                let entries = try index.entries(ofDevice: device)
                let returned = entries.isEmpty ? [] : try run.returned(ofDevice: device, in: site)
                history.chapters += entries.map { entry in
                    .init(run: run, entry: entry, returned: returned.first { $0.isFor(entry) })
                }
            } catch {
                history.damaged.append((run.identifier, error))
            }
        }
        return history
    }
}

extension LedgerRun {
    /// The file that the last reconciliation has left.
    public var lastResults: Reconciliation.Results? { reconciliations.last { $0.results != nil }?.results }

    fileprivate func returned(
        ofDevice device: String, in site: Site
    ) throws(FacilityError) -> [DeviceHistory.Returned] {
        guard let lastResults else { return [] }
        return try ReturnsReader(identifier, lastResults, in: site).entries(ofDevice: device) { .init($0) }
    }
}

extension DeviceHistory.Returned {
    fileprivate func isFor(_ entry: RunIndexEntry) -> Bool { slot.lowercased() == entry.slot.lowercased() }
}

/// Tells whether a serial number that was issued may be issued again: to the device that has it, and to no other.
///
/// Whoever issued it again before had to keep that rule, so one run that has the pair is enough. A single export names
/// no device; what left so is issued to nobody again but by another export. One owner at a time.
public final class ReissueCheck {
    private let indices: [RunIndex]

    /// - Parameter runs: those that have the numbers, as `LedgerConflicts` tells; what is not issued is left out.
    public init(_ runs: [RunIdentifier], _ ledger: Ledger, in site: Site) throws(FacilityError) {
        var indices: [RunIndex] = []
        for identifier in runs {
            let run = try ledger.run(identifier)
            guard run.state == .issued, let seal = run.completion?.index else { continue }
            indices.append(try RunIndex(identifier, sealedBy: seal, in: site))
        }
        self.indices = indices
    }

    /// Whether the device has this number.
    public func permits(
        _ number: InitialKeySerialNumber, under baseKey: KeyFingerprint, device: String
    ) throws(FacilityError) -> Bool {
        for index in indices where try index.has(number, under: baseKey, device: device) { return true }
        return false
    }
}
