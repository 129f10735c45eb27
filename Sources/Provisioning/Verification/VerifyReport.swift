public import PaymentCrypto

/// How a run is to be looked at again.
public struct VerifyOptions: Sendable {
    /// The folder, as the user named it.
    public var folder: String
    /// How many workers there are.
    public var jobs = 1
    /// Whether every difference is printed, or the first hundred.
    public var showsAllDifferences = false
    /// How many devices a chunk has.
    public var chunkCapacity = 4_096

    /// Options for the run in this folder.
    public init(folder: String) {
        self.folder = folder
    }
}

/// What came of looking at a run again.
public struct VerifyReport: Sendable {
    /// The first differences, warnings and notices.
    public internal(set) var diagnostics: DiagnosticList
    /// What the run is called; nil where `run.json` does not tell.
    public internal(set) var runID: String?
    /// Test or production, as it says.
    public internal(set) var environment: String?
    /// `tr31`, `tr34` or `rsa-oaep`.
    public internal(set) var transport: String?
    /// How many rows the report has.
    public internal(set) var counts = RunRecord.Counts()
    /// Devices whose output is what the report says, as far as it can be seen.
    public internal(set) var verifiedCount = 0
    /// Those of them whose key was derived anew.
    var derivedCount = 0
    /// How many lines of the manifest the report's rows are of.
    var lineCount = 0
    /// Of `SHA256SUMS`.
    public internal(set) var sums: SHA256Digest?
    /// Names and check values of the keys that were used.
    public internal(set) var keys: [RunRecord.Key] = []

    /// Whether every key that was issued was derived anew; of a run that issued none there is nothing to say.
    public var isDerivedAnew: Bool { counts.issued > 0 && derivedCount == counts.issued }

    /// Whether nothing differs.
    public var isGood: Bool { diagnostics.errorCount == 0 }

    init(limit: Int?) {
        diagnostics = DiagnosticList(limit: limit)
    }

    /// Tells of issued rows whose output nobody has opened, should nothing else have told of them.
    mutating func compareOutputs(in folder: String) {
        guard isGood, verifiedCount != counts.issued else { return }
        tell(folder, "expected \(counts.issued) outputs, one for each row that is issued, found \(verifiedCount)")
    }
}
