import FoundationEssentials
import PaymentCrypto

/// Writes what is known of a run's devices after one more return.
///
/// A new file each time, so that what the ledger knows stays as it is until the ledger knows the new one. One owner; a
/// writer that is dropped leaves nothing behind.
public final class ReturnsWriter {
    private let folder: RunsFolder
    private let name: String
    private let file: IndexFile
    private let digest: SHA256Stream
    private let line = IndexBuffer(capacity: 8 << 10)
    private var isKept = false

    /// - Parameter returns: all that count, the earliest first.
    public init(_ run: RunIdentifier, _ returns: [ReturnRecord], in site: Site) throws(FacilityError) {
        folder = try RunsFolder(makingIn: site)
        name = ReturnsFormat.newName(run)
        file = try folder.make(name)
        digest = try FacilityError.converting { try SHA256Stream() }
        let header = try ReturnsFormat.header(run, returns)
        try header.withUnsafeBufferPointer { header throws(FacilityError) in try write(header) }
    }

    deinit {
        if !isKept { folder.remove(name) }
    }

    /// Adds a device of which something came back.
    public func append(_ device: DeviceReturn) throws(FacilityError) {
        line.removeAll()
        guard device.byteCount <= line.capacity else {
            throw .internalFault("a device does not fit into the file of returns")
        }
        func append(_ field: DeviceReturn.Field) {
            line.append(field)
            line.append(DeviceReturn.separator)
        }
        append(device.device)
        append(device.slot)
        append(device.result)
        append(device.said)
        append(device.checkValue)
        append(device.serialNumber)
        line.append(device.words)
        line.append(UInt8(ascii: "\n"))
        try write(line.filled)
    }

    /// Brings the file to disk, and says by what the ledger will know it.
    ///
    /// It stays once ``keep()`` is called; before that nobody knows it.
    public func finish() throws(FacilityError) -> LedgerRun.Reconciliation.Results {
        try FacilityError.converting { try file.synchronize() }
        try folder.synchronize()
        let sum = try FacilityError.converting { try digest.digest() }
        return LedgerRun.Reconciliation.Results(name: name, sha256: sum)
    }

    /// The ledger knows the file; what it knew before of the run may go.
    public func keep(replacing earlier: LedgerRun.Reconciliation.Results?) {
        isKept = true
        if let earlier, earlier.name != name { folder.remove(earlier.name) }
    }

    private func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(FacilityError) {
        try FacilityError.converting { try digest.update(UnsafeRawBufferPointer(bytes)) }
        try FacilityError.converting { try file.write(bytes) }
    }
}

/// The beginning of a file of returns: lines that a person can read.
enum ReturnsFormat {
    static let magic = "ipek returns 1"

    /// Another name each time; two processes that reconcile at once do not get in each other's way.
    static func newName(_ run: RunIdentifier) -> String {
        let random = UInt32.random(in: 0...UInt32.max)
        let digits = (0..<4).map { UInt8(truncatingIfNeeded: random >> UInt32(24 - 8 * $0)) }
        return "\(run).returns-\(Hexadecimal.text(digits).lowercased())"
    }

    /// Whether the ledger may name such a file for a run.
    static func isName(_ name: String, of run: RunIdentifier) -> Bool {
        let prefix = "\(run).returns-"
        let digits = name.utf8.dropFirst(prefix.utf8.count)
        return name.hasPrefix(prefix) && digits.count == 8 && digits.allSatisfy { Hexadecimal.value(of: $0) != nil }
    }

    static func header(_ run: RunIdentifier, _ returns: [ReturnRecord]) throws(FacilityError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = "\(magic)\nrun \(run)\n"
        for record in returns {
            guard let json = try? encoder.encode(record) else {
                throw .internalFault("a return cannot be written down")
            }
            text += "return \(String(decoding: json, as: UTF8.self))\n"
        }
        return Array((text + "\n").utf8)
    }
}
