public import PaymentCrypto

/// What people and scripts are told of a manifest's check.
public struct CheckReport: Sendable {
    /// The first faults, and the notices, in manifest order.
    public let diagnostics: [Diagnostic]
    /// Faults that are counted, but not in `diagnostics`.
    public let omittedCount: Int
    /// How many faults there are.
    public let errorCount: Int
    /// Records behind the header row, and those of them that have a fault.
    public let rowCount: Int
    /// Rows that have a fault.
    public let rejectedRowCount: Int
    /// Devices that can be provisioned.
    public let deviceCount: Int
    /// Of the whole file.
    public let digest: SHA256Digest?

    /// Whether there is nothing wrong.
    public var isGood: Bool { errorCount == 0 }

    init(_ result: ManifestCheckResult) {
        diagnostics = result.diagnostics.kept
        omittedCount = result.diagnostics.omittedCount
        errorCount = result.diagnostics.errorCount
        rowCount = result.rowCount
        rejectedRowCount = result.rejectedRowCount
        deviceCount = result.acceptedDeviceCount
        digest = result.digest
    }
}
