import PaymentCrypto

/// What the first pass has found out.
struct ManifestCheckResult {
    /// The header row.
    let header: ManifestHeader
    /// SHA-256 of the whole file; of what was read of it where a fault ended the reading.
    let digest: SHA256Digest?
    /// Records behind the header row.
    let rowCount: Int
    /// Those of them that have a fault; each is one row of the report.
    let rejectedRowCount: Int
    /// Devices that can be provisioned.
    let acceptedDeviceCount: Int
    /// The first faults, and the notices, in manifest order.
    let diagnostics: DiagnosticList
    /// Whether the good rows could be provisioned without the bad ones: false for a bad header, for a fault after which
    /// it is uncertain where records begin, and where there is no row.
    let mayKeepGoing: Bool
    /// Stands for the certificates that were read; the second pass must come to the same.
    let receiverSum: UInt64

    /// Whether there is nothing wrong.
    var isGood: Bool { diagnostics.errorCount == 0 }
}

extension ManifestCheck {
    /// Drives the whole check on the calling thread.
    func runSerially(
        chunkCapacity: Int = 4096, limits: ManifestLimits = ManifestLimits()
    ) throws -> ManifestCheckResult {
        let chunk = ManifestChunk(capacity: chunkCapacity, limits: limits)
        let columns = DeviceColumns(capacity: chunkCapacity)
        while true {
            let look = try beginLook()
            while try look.reader.fill(chunk) {
                look.validator.examine(chunk, into: columns)
                try collect(columns, of: chunk)
            }
            guard try finishLook() else { return result(header: look.header) }
        }
    }
}
