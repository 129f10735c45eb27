public import PaymentCrypto

/// By what a run's index is known to be whole: the ledger keeps it.
public struct RunIndexSeal: Codable, Equatable, Sendable {
    /// How many devices it has.
    public let devices: Int
    /// Over its header and directory, which has a digest of every block: so one block can be proved by itself.
    public let sha256: SHA256Digest
}
