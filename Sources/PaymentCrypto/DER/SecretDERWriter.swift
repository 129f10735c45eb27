import COpenSSL

/// Writes DER of what is secret, from the end to the beginning: so a length is known when its turn comes.
///
/// The bytes are in secret memory from the first to the last.
struct SecretDERWriter: ~Copyable {
    private let scratch: SecretScratch
    /// Where the bytes begin; they end with the scratch.
    private var start: Int

    init(capacity: Int) {
        scratch = SecretScratch(byteCount: capacity)
        start = capacity
    }

    /// How many bytes there are so far: a mark for ``close(_:since:)``.
    var count: Int { scratch.bytes.count - start }

    /// Whether everything fitted.
    private(set) var isComplete = true

    /// Puts bytes in front of what there is.
    mutating func prepend(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= start else {
            isComplete = false
            return
        }
        start -= bytes.count
        UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[start...].prefix(bytes.count)).copyMemory(from: bytes)
    }

    mutating func prepend(_ bytes: [UInt8]) { bytes.withUnsafeBytes { prepend($0) } }

    /// Puts tag and length in front of everything since the mark.
    mutating func close(_ tag: UInt8, since mark: Int) { prepend([tag] + DEREncoding.length(count - mark)) }

    /// A positive INTEGER from a magnitude without leading zeros.
    mutating func prependInteger(_ magnitude: UnsafeRawBufferPointer) {
        let mark = count
        prepend(magnitude)
        if magnitude.first.map({ $0 >= 0x80 }) ?? true { prepend([0]) }
        close(DERTag.integer, since: mark)
    }

    /// All of it, in a place of its own; nil where something did not fit.
    consuming func finish() -> SecretBytes? {
        guard isComplete else { return nil }
        return SecretBytes(copying: UnsafeRawBufferPointer(rebasing: scratch.bytes[start...]))
    }
}
