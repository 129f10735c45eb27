/// What a reconciliation came to: all that its page shows but the rows themselves, which are in the CSV beside it.
public struct ReconciliationSummary: Sendable {
    /// A key of the run, never its value.
    public struct Key: Sendable, Equatable {
        /// What it is called.
        public internal(set) var name: String
        /// As reports write it.
        public internal(set) var algorithm: String
        /// Its check value.
        public internal(set) var kcv: String
    }

    /// The run that is reconciled, as its `run.json` tells of it.
    public struct Run: Sendable, Equatable {
        /// What it is called.
        public internal(set) var id: String
        /// `test` or `production`.
        public internal(set) var environment: String
        /// UTC.
        public internal(set) var started: String
        /// UTC.
        public internal(set) var ended: String
        /// Who ran it.
        public internal(set) var operators: [String]
        /// What they wanted to remember.
        public internal(set) var note: String?
        /// The manifest's name.
        public internal(set) var manifest: String
        /// The manifest's SHA-256.
        public internal(set) var manifestSHA256: String
        /// The base derivation keys.
        public internal(set) var baseKeys: [Key]
        /// The folder, as it was named on the command line.
        public internal(set) var folder: String
        /// The SHA-256 of `SHA256SUMS`, which stands for all files of the run.
        public internal(set) var sumsSHA256: String
    }

    /// A file that came back from the injection line.
    public struct Return: Sendable, Equatable {
        /// What it is called; printable, and no path.
        public internal(set) var name: String
        /// Its SHA-256.
        public internal(set) var sha256: String
        /// How many rows it has.
        public internal(set) var rows: Int
        /// When it was reconciled, UTC.
        public internal(set) var time: String
        /// Who reconciled it.
        public internal(set) var operators: [String]
    }

    /// Devices that have something in common.
    public struct Group: Sendable, Equatable {
        /// The model, or the slot; empty where the manifest has none.
        public internal(set) var name: String
        /// What became of them.
        public internal(set) var buckets: ReconciliationBuckets
    }

    /// Some neighbours in the manifest; all stretches have about the same number of devices.
    public struct Stretch: Sendable, Equatable {
        /// The line of the manifest on which the first one is.
        public internal(set) var firstLine: Int
        /// The line of the last one.
        public internal(set) var lastLine: Int
        /// What became of them.
        public internal(set) var buckets: ReconciliationBuckets
    }

    /// Why devices differ: how often each kind of reason was given.
    public struct Cause: Sendable, Equatable {
        /// In words, for people; nothing of a device.
        public internal(set) var name: String
        /// How many devices.
        public internal(set) var count: Int
    }

    /// The run.
    public internal(set) var run: Run
    /// The file of this reconciliation.
    public internal(set) var returned: Return
    /// Those before it that count, too, the earliest first.
    public internal(set) var earlier: [Return]
    /// What became of the run's devices over all returns.
    public internal(set) var buckets: ReconciliationBuckets
    /// Rows of this return that the run does not have.
    public internal(set) var unexpected: Int
    /// Devices that came back more than once.
    public internal(set) var duplicate: Int
    /// By model, the most devices first; what is beyond fifty is summed up in `otherModels`.
    public internal(set) var models: [Group]
    /// Devices of all other models.
    public internal(set) var otherModels: ReconciliationBuckets
    /// By slot, likewise.
    public internal(set) var slots: [Group]
    /// Devices of all other slots.
    public internal(set) var otherSlots: ReconciliationBuckets
    /// Along the manifest, from its first line to its last: where the differences cluster.
    public internal(set) var stretches: [Stretch]
    /// The kinds of reasons, the most frequent first.
    public internal(set) var causes: [Cause]
    /// The name of the CSV with every row, which is beside the page.
    public internal(set) var reportName: String
    /// The name of the page.
    var pageName: String { reportName.dropLast(4) + ".html" }
    /// How many rows the CSV has behind its header: the run's devices, then what was unexpected.
    public internal(set) var reportRows: Int
    /// The SHA-256 of that CSV.
    public internal(set) var reportSHA256: String
    /// The version of the program.
    public internal(set) var toolVersion: String
    /// The audit log's head once it had this reconciliation.
    public internal(set) var auditHead: String?

    /// Whether everything that was issued came back as it was issued, and nothing else did.
    public var isClean: Bool {
        buckets.mismatch == 0 && buckets.failed == 0 && buckets.missing == 0 && unexpected == 0
    }
}
