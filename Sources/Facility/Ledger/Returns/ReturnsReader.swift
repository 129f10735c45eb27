import FoundationEssentials
import PaymentCrypto

/// Reads what is known of a run's devices from the file that the ledger names, and proves it whole.
public final class ReturnsReader {
    /// The returns that count, the earliest first.
    public private(set) var returns: [ReturnRecord] = []
    private let run: RunIdentifier
    private let file: IndexFile
    private let expected: SHA256Digest
    private static let blockByteCount = 256 << 10

    /// Opens the file, and refuses one that is not as it was written.
    public init(
        _ run: RunIdentifier, _ results: LedgerRun.Reconciliation.Results, in site: Site
    ) throws(FacilityError) {
        let path = "\(site.path)/\(RunsFolder.name)/\(results.name)"
        guard ReturnsFormat.isName(results.name, of: run), let file = try RunsFolder(of: site)?.open(results.name)
        else { throw .damaged(file: path, reason: FacilityError.missing) }
        (self.run, self.file, expected) = (run, file, results.sha256)
        var header = Header(run)
        try forEachLine { line throws(FacilityError) in
            if !header.isComplete, !header.take(line) { throw damage }
        }
        guard header.isComplete else { throw damage }
        returns = header.returns
    }

    /// Gives every device; what it gave counts only when it returns, for only then the file is proved whole again.
    public func forEach(_ body: (DeviceReturn) throws(FacilityError) -> Void) throws(FacilityError) {
        var isHeader = true
        try forEachLine { line throws(FacilityError) in
            if isHeader {
                isHeader = !line.isEmpty
                return
            }
            guard let device = DeviceReturn(line: line) else { throw damage }
            try body(device)
        }
    }

    /// What is known of one device, in all of its slots, as `body` makes of it; upper and lower case are the same.
    public func entries<Value>(
        ofDevice device: String, _ body: (DeviceReturn) -> Value
    ) throws(FacilityError) -> [Value] {
        let wanted = Array(device.utf8)
        var found: [Value] = []
        try forEach { entry throws(FacilityError) in
            let isSame = wanted.withUnsafeBufferPointer { IndexKey.compare(entry.device, $0) == 0 }
            if isSame { found.append(body(entry)) }
        }
        return found
    }

    private var damage: FacilityError {
        .damaged(file: file.path, reason: "what came back of the run's devices is not as it was written")
    }

    /// Lines without their ends; each is good until the next one.
    private func forEachLine(
        _ body: (UnsafeBufferPointer<UInt8>) throws(FacilityError) -> Void
    ) throws(FacilityError) {
        let digest = try FacilityError.converting { try SHA256Stream() }
        let size = try FacilityError.converting { try file.size() }
        var (offset, bytes) = (0, [UInt8]())
        while offset < size {
            let block = try FacilityError.converting {
                try file.read(min(Self.blockByteCount, size - offset), at: offset)
            }
            guard let block else { throw damage }
            try FacilityError.converting { try block.withUnsafeBytes { try digest.update($0) } }
            offset += block.count
            bytes += block
            let taken = try bytes.withUnsafeBufferPointer { bytes throws(FacilityError) in
                try Self.lines(bytes, body)
            }
            bytes.removeFirst(taken)
            // No line is as long as a block.
            guard bytes.count < Self.blockByteCount else { throw damage }
        }
        let found = try FacilityError.converting { try digest.digest() }
        guard bytes.isEmpty, found == expected else { throw damage }
    }

    /// Gives the whole lines, and says how many bytes they had.
    private static func lines(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) throws(FacilityError) -> Void
    ) throws(FacilityError) -> Int {
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try body(UnsafeBufferPointer(rebasing: bytes[start..<end]))
            start = end + 1
        }
        return start
    }

    /// The lines up to the first empty one.
    private struct Header {
        private let run: RunIdentifier
        private(set) var returns: [ReturnRecord] = []
        private(set) var isComplete = false
        private var lineCount = 0

        init(_ run: RunIdentifier) { self.run = run }

        /// False for a line that has no place here.
        mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
            let text = String(decoding: line, as: UTF8.self)
            defer { lineCount += 1 }
            switch lineCount {
            case 0: return text == ReturnsFormat.magic
            case 1: return text == "run \(run)"
            case _ where text.isEmpty:
                isComplete = true
                return true
            default:
                guard text.hasPrefix("return "),
                    let record = try? JSONDecoder().decode(ReturnRecord.self, from: Data(text.dropFirst(7).utf8))
                else { return false }
                returns.append(record)
                return true
            }
        }
    }
}
