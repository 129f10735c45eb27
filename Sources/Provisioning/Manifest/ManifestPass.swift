import PaymentCrypto

/// One reading of the manifest from end to end: who reads, and who validates.
///
/// The reader fills a chunk, any worker examines it, and whoever collects takes the chunks in order of their `index`.
struct ManifestPass {
    /// The header row, which was read when the pass began.
    let header: ManifestHeader
    /// Fills chunks; for one thread at a time.
    let reader: ManifestReader
    /// Examines chunks; for any number of threads.
    let validator: RowValidator

    /// Whether the file is the one that an earlier pass saw; to be asked when `fill` has answered false.
    func verify(_ digest: SHA256Digest?) throws(ManifestReadError) {
        guard try reader.digest() == digest else { throw .changed }
    }
}

/// Where a manifest comes from and how it is to be read.
struct ManifestSource: Sendable {
    /// Open for reading; a file, for all but the first look need it again.
    var descriptor: Int32
    /// What messages call it: the path as given, or `-`.
    var name: String
    /// The keys that rows may name.
    var keys: ManifestKeys
    /// Columns that have other names.
    var mappings: [ColumnMapping<ManifestColumn>] = []
    /// How short key serial numbers are completed.
    var padding = KSNPadding.none
    /// What it may hold.
    var limits = ManifestLimits()
}
