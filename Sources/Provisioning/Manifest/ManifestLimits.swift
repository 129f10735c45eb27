/// What a manifest may hold at most.
///
/// Tests make them smaller; the product has only the defaults.
struct ManifestLimits: Sendable, Equatable {
    /// Bytes of a field, without its quotes.
    var fieldByteCount = 4096
    /// Bytes of a record from its first to the last before its line end.
    var recordByteCount = 65_536
    /// Devices of a manifest.
    var deviceCount = 100_000_000
    /// Physical lines; the duplicate check keeps a line number in four bytes.
    var lineCount = Int(UInt32.max)
    /// Bytes that are read at a time.
    var blockByteCount = 262_144
}
