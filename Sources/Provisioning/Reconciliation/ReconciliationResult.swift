/// What became of a device of the run, or of a row that came back.
///
/// Every device of the manifest is in exactly one of the first five. See PCI PIN v3.1, requirement 30-3.
public enum ReconciliationResult: String, CaseIterable, Sendable, Encodable {
    /// It came back with the check value that was issued.
    case confirmed
    /// It came back with another check value or serial number, or with several.
    case mismatch
    /// It came back, and the injection had failed.
    case failed
    /// It has not come back.
    case missing
    /// The run itself refused it.
    case rejected
    /// It came back, and the run does not have it.
    case unexpected
}

/// How many devices are in each of the five buckets; together they are the manifest.
public struct ReconciliationBuckets: Sendable, Equatable {
    /// As issued.
    public internal(set) var confirmed = 0
    /// Not as issued.
    public internal(set) var mismatch = 0
    /// Not injected.
    public internal(set) var failed = 0
    /// Not heard of.
    public internal(set) var missing = 0
    /// Never issued.
    public internal(set) var rejected = 0

    /// All of them.
    public var total: Int { confirmed + mismatch + failed + missing + rejected }

    /// How many are in one bucket; none is `unexpected`.
    public subscript(result: ReconciliationResult) -> Int {
        switch result {
        case .confirmed: confirmed
        case .mismatch: mismatch
        case .failed: failed
        case .missing: missing
        case .rejected: rejected
        case .unexpected: 0
        }
    }

    mutating func add(_ result: ReconciliationResult) {
        switch result {
        case .confirmed: confirmed += 1
        case .mismatch: mismatch += 1
        case .failed: failed += 1
        case .missing: missing += 1
        case .rejected: rejected += 1
        case .unexpected: break
        }
    }
}
