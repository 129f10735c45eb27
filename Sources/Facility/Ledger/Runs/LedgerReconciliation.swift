public import PaymentCrypto

extension LedgerRun {
    /// What a return from the injection line came to, together with all returns before it.
    public struct Reconciliation: Codable, Equatable, Sendable {
        /// How many devices are in each bucket; the first five sum to the run.
        public struct Counts: Codable, Equatable, Sendable {
            /// The check value came back as it was issued.
            public var confirmed = 0
            /// Another one came back.
            public var mismatch = 0
            /// The injection failed.
            public var failed = 0
            /// Nothing came back yet.
            public var missing = 0
            /// The run itself had refused them.
            public var rejected = 0
            /// Returned rows that the run does not have.
            public var unexpected = 0
            /// Devices that came back more than once.
            public var duplicate = 0

            /// Nothing counted yet.
            public init() {}
        }

        /// The file with what is known of each device, in the site's `runs/`.
        public struct Results: Codable, Equatable, Sendable {
            /// What it is called.
            public var name: String
            /// Of its bytes.
            public var sha256: SHA256Digest

            /// A file by name and digest.
            public init(name: String, sha256: SHA256Digest) {
                self.name = name
                self.sha256 = sha256
            }
        }

        /// The file that came back.
        public var returned: Manifest
        /// All returns so far.
        public var counts: Counts
        /// By whom, as they said.
        public var operators: [OperatorName] = []
        /// The reports that were written.
        public var reports: [String] = []
        /// What is known of each device now.
        public var results: Results?
        /// The audit log as it was then.
        public var auditHead: AuditHead?
        /// When, UTC; the ledger sets it.
        public internal(set) var time = ""

        /// The least that is known of a reconciliation.
        public init(returned: Manifest, counts: Counts) {
            self.returned = returned
            self.counts = counts
        }
    }
}
