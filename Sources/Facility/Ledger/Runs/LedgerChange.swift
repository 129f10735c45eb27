import FoundationEssentials
public import PaymentCrypto

/// One change of the ledger, as it is written down: the ledger is what all of them add up to.
///
/// Each carries the digest of the one before, so that the last digest stands for all of them.
struct LedgerChange: Codable, Equatable {
    enum Action: String, Codable {
        case reserve, issue, void, reconcile
    }

    var action: Action
    var run: RunIdentifier
    /// UTC.
    var time: String
    var tool = ToolVersion.current
    /// What becomes of the run's serial numbers.
    var state: LedgerRun.State
    var start: LedgerRun.Start?
    var completion: LedgerRun.Completion?
    var voiding: LedgerRun.Voiding?
    var reconciliation: LedgerRun.Reconciliation?
    /// The run's serial numbers from now on; nil where they stay as they were.
    var numbers: Numbers?

    /// The serial numbers of a run, and a digest over the rows that hold them.
    struct Numbers: Codable, Equatable {
        var counts: [LedgerRun.NumberCount]
        var sha256: SHA256Digest
    }

    init(_ action: Action, _ run: RunIdentifier, state: LedgerRun.State) {
        self.action = action
        self.run = run
        self.state = state
        time = Timestamp.now
    }

    /// As it lies in the ledger.
    func content() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    init(content: String) throws {
        self = try JSONDecoder().decode(LedgerChange.self, from: Data(content.utf8))
    }
}

/// The digest of the ledger's last change, which stands for the whole ledger.
///
/// The audit log keeps it with every change, so that an older ledger put in the place of a newer one is told.
public struct LedgerHead: Hashable, Sendable, CustomStringConvertible {
    /// How many changes there are.
    public let revision: Int
    /// Over all of them.
    public let digest: SHA256Digest

    /// A head from its parts.
    public init(revision: Int, digest: SHA256Digest) {
        (self.revision, self.digest) = (revision, digest)
    }

    /// Reads what `description` writes; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let revision = Int(parts[0]), revision >= 0, let digest = SHA256Digest(parts[1]) else {
            return nil
        }
        self.init(revision: revision, digest: digest)
    }

    /// The number of changes, a colon, 64 lower-case hexadecimal digits.
    public var description: String { "\(revision):\(digest)" }

    /// Of a ledger in which nothing has happened.
    static let empty = LedgerHead(revision: 0, previous: [], content: "")

    /// One change further.
    func following(_ content: String) -> LedgerHead {
        LedgerHead(revision: revision + 1, previous: digest.bytes, content: content)
    }

    private init(revision: Int, previous: [UInt8], content: String) {
        self.revision = revision
        let bytes = ContentDigest.sha256(previous + Array(content.utf8))
        guard let digest = SHA256Digest(bytes: bytes) else { preconditionFailure("a SHA-256 digest has 32 bytes") }
        self.digest = digest
    }
}

extension LedgerRun {
    /// What changes add up to, oldest first; nil where they are none that the ledger makes of a run.
    init?(_ changes: [LedgerChange]) {
        guard let first = changes.first, first.action == .reserve, let start = first.start,
            let numbers = first.numbers, first.run == start.identifier
        else { return nil }
        self.init(
            start: start, completion: first.completion, voiding: nil, state: first.state, numbers: numbers.counts)
        for change in changes.dropFirst() {
            guard change.run == start.identifier, change.action != .reserve else { return nil }
            state = change.state
            completion = change.completion ?? completion
            voiding = change.voiding ?? voiding
            if let reconciliation = change.reconciliation { reconciliations.append(reconciliation) }
            self.numbers = change.numbers?.counts ?? self.numbers
        }
    }
}
