import PaymentCrypto

/// Some rows of the report on their way through the verification, each with the output that goes with it.
///
/// One owner at a time: the stage of the pipeline that has it. The memory is allocated once and used again.
final class VerificationChunk {
    /// One row of the report.
    struct Row {
        var report: LineReader.Place
        /// The line of `keyblocks.csv` or `.jsonl`, or of `SHA256SUMS`; nil where the row has none, or it was not found.
        var output: LineReader.Place?
    }

    /// A device whose output is there, and what the report says of it.
    struct Device {
        var identifier: UnsafeBufferPointer<UInt8>
        var slot: UnsafeBufferPointer<UInt8>
        var reportLine: Int
        var outputLine: Int?
        var baseKey: Int
        /// -1 where no key of the site wraps.
        var protectionKey: Int
        var serialNumber: UInt64
        var checkValue: CheckValue
        /// Key block, token or cryptogram.
        var material = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        /// Of a key block.
        var frame: KeyBlockFrame?
        var hidesLength = true
    }

    let capacity: Int
    let report = ByteBuffer(capacity: 1 << 16)
    let output = ByteBuffer(capacity: 1 << 16)
    /// What is in the devices' files, one after the other.
    let materials = ByteBuffer(capacity: 64)
    /// The cells of each rejected row that ``RejectedTable`` looks at, a line end after each.
    let rejected = ByteBuffer(capacity: 64)
    var rows: [Row] = []
    /// Outputs that no row goes with.
    var surplus: [LineReader.Place] = []
    var devices: [Device] = []
    var differences: [Diagnostic] = []
    var issuedCount = 0
    var rejectedCount = 0
    /// Devices whose output was opened, or looked at as far as it can be, and is as the report has it.
    var verifiedCount = 0
    /// Those of them whose key was derived anew.
    var derivedCount = 0
    /// How many lines of the manifest the rows are of.
    var lineCount = 0
    var exposedFileCount = 0
    /// The manifest's line of the first row and of the last one; rows are in its order.
    var firstLine = 0
    var lastLine = 0

    init(capacity: Int) {
        self.capacity = capacity
        rows.reserveCapacity(capacity)
        devices.reserveCapacity(capacity)
    }

    func removeAll() {
        for buffer in [report, output, materials, rejected] { buffer.removeAll() }
        rows.removeAll(keepingCapacity: true)
        devices.removeAll(keepingCapacity: true)
        surplus.removeAll()
        differences.removeAll()
        (issuedCount, rejectedCount, verifiedCount, derivedCount, exposedFileCount) = (0, 0, 0, 0, 0)
        (firstLine, lastLine, lineCount) = (0, 0, 0)
    }

    /// A line that may be unquoted in place.
    func text(_ place: LineReader.Place, of buffer: ByteBuffer) -> UnsafeMutableBufferPointer<UInt8> {
        // The buffer is this chunk's own, and nobody else reads it meanwhile.
        let start = buffer.characters.baseAddress.map { UnsafeMutablePointer(mutating: $0 + place.offset) }
        return UnsafeMutableBufferPointer(start: start, count: place.count)
    }
}
