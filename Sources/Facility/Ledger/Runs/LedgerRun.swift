public import PaymentCrypto

/// A run as the ledger knows it: who made which initial keys when, under which keys, and what became of them.
public struct LedgerRun: Sendable, Equatable {
    /// A whole manifest, or one key of `key export --dukpt-ksn`.
    public enum Kind: String, Codable, Sendable {
        /// `provision`.
        case run
        /// `key export`.
        case export
    }

    /// What became of the serial numbers.
    public enum State: String, Codable, Sendable {
        /// Taken before any key was made; nobody else gets them.
        case reserved
        /// Their keys are on disk, or have left.
        case issued
        /// Given back: no output of the run was ever completed.
        case released
        /// Never given back, since the keys may have left the building.
        case retired
    }

    /// What is known when the numbers are taken.
    public let start: Start
    /// What is known at the end; nil for a run that has not come there.
    public internal(set) var completion: Completion?
    /// Why it was voided, and by whom; nil for a run that was not.
    public internal(set) var voiding: Voiding?
    /// What came back from the injection line, the earliest return first.
    public internal(set) var reconciliations: [Reconciliation] = []
    /// What became of it so far.
    public internal(set) var state: State
    /// How many serial numbers it has under each base derivation key.
    public internal(set) var numbers: [NumberCount]

    /// What it is called.
    public var identifier: RunIdentifier { start.identifier }
}

extension LedgerRun {
    /// A key as a run names it: never its value.
    public struct Key: Codable, Equatable, Sendable {
        /// What the run used it as.
        public enum Role: String, Codable, Sendable {
            /// The keys of the devices are derived from it.
            case baseDerivation = "bdk"
            /// The keys of the devices are wrapped under it.
            case protection = "kbpk"
        }

        /// What the run used it as.
        public var role: Role
        /// What it was called then.
        public var name: String
        /// As reports write it.
        public var algorithm: String
        /// Its check value at full length.
        public var kcv: String
        /// By what it is known whatever its name; base derivation keys only.
        public var fingerprint: KeyFingerprint?

        /// A key by its name and check value.
        public init(
            role: Role, name: String, algorithm: String, kcv: String, fingerprint: KeyFingerprint? = nil
        ) {
            self.role = role
            self.name = name
            self.algorithm = algorithm
            self.kcv = kcv
            self.fingerprint = fingerprint
        }
    }

    /// The inventory that the run is tied to.
    ///
    /// See PCI PIN v3.1, requirement 30-3.
    public struct Manifest: Codable, Equatable, Sendable {
        /// What it is called.
        public var name: String
        /// Of its bytes.
        public var sha256: SHA256Digest

        /// A manifest by name and digest.
        public init(name: String, sha256: SHA256Digest) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// What is known when the serial numbers are taken.
    public struct Start: Codable, Equatable, Sendable {
        /// What the run is called.
        public var identifier: RunIdentifier
        /// A whole manifest or a single key.
        public var kind: Kind
        /// UTC, `2026-01-31T23:59:59Z`.
        public var started: String
        /// Who was at the keyboard, as they said.
        public var operators: [OperatorName] = []
        /// What they had to say.
        public var note: String?
        /// Why keys are issued again, where some are.
        public var again: String?
        /// What the devices were read from; nil for a single key.
        public var manifest: Manifest?
        /// All keys that are used.
        public var keys: [Key] = []
        /// Where the keys go.
        public var output: String?
        /// How many devices the manifest has, and how many of them were refused.
        public var devices = 1
        /// See `devices`.
        public var rejected = 0
        /// The audit log as it was then.
        public var auditHead: AuditHead?

        /// The least that a run has.
        public init(identifier: RunIdentifier, kind: Kind, started: String) {
            self.identifier = identifier
            self.kind = kind
            self.started = started
        }
    }

    /// What is known at a run's end.
    public struct Completion: Codable, Equatable, Sendable {
        /// UTC.
        public var ended: String
        /// How many devices have a key.
        public var issued: Int
        /// How many were refused.
        public var rejected: Int
        /// Where the keys are.
        public var output: String?
        /// The SHA-256 of the run's `SHA256SUMS`.
        public var sums: SHA256Digest?
        /// By what the run's index is known to be whole.
        public var index: RunIndexSeal?
        /// The audit log as it was then.
        public var auditHead: AuditHead?

        /// The least that is known at an end.
        public init(ended: String, issued: Int, rejected: Int = 0) {
            self.ended = ended
            self.issued = issued
            self.rejected = rejected
        }
    }

    /// Why a run was voided.
    public struct Voiding: Codable, Equatable, Sendable {
        /// Why.
        public var reason: String
        /// By whom, as they said.
        public var operators: [OperatorName]
        /// The audit log as it was then.
        public var auditHead: AuditHead?
        /// When, UTC; the ledger sets it.
        public internal(set) var time = ""

        /// A reason and those who give it.
        public init(reason: String, operators: [OperatorName] = [], auditHead: AuditHead? = nil) {
            self.reason = reason
            self.operators = operators
            self.auditHead = auditHead
        }
    }

    /// How many serial numbers a run has under one base derivation key.
    public struct NumberCount: Codable, Equatable, Sendable {
        /// The base derivation key.
        public var baseKey: KeyFingerprint
        /// How many, those that were issued again among them.
        public var count: Int
        /// How many had been issued before, to the same device.
        public var reissued: Int
    }
}
