import Glibc
import PaymentCrypto

@testable import Provisioning

/// A manifest in an unnamed temporary file, and the keys that tests name in it.
struct ManifestFixture {
    /// Header row of most tests.
    static let header = "device_id,ksn\n"

    static let keys = ManifestKeys(
        baseKeys: [
            .init(name: "acme", algorithm: .tdes2Key, identity: 0),
            .init(name: "acme-again", algorithm: .tdes2Key, identity: 0),
            .init(name: "other", algorithm: .tdes2Key, identity: 1),
            .init(name: "aes", algorithm: .aes128, identity: 2),
            .init(
                name: "bound", algorithm: .tdes2Key, identity: 3,
                keySet: KeySetIdentifier("FFFF987654", family: .tdes)),
            .init(
                name: "aes-bound", algorithm: .aes256, identity: 4, keySet: KeySetIdentifier("12345678", family: .aes)),
            .init(
                name: "kek", algorithm: .aes128, identity: 5,
                refusal: "expected usage B0 with mode X, found K0 with mode B"
            ),
        ],
        protectionKeys: [
            .init(name: "wrap"), .init(name: "weak"), .init(name: "acme", refusal: "expected usage K0 or K1, found B0"),
        ],
        defaultBaseKey: 0, defaultProtectionKey: 0,
        pairRefusal: { base, protection, _ in base == 3 && protection == 1 ? "weaker than the key it would wrap" : nil }
    )

    var bytes: [UInt8]
    var keys = Self.keys
    var mappings: [ColumnMapping<ManifestColumn>] = []
    var padding = KSNPadding.none
    var limits = ManifestLimits()

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Header, then rows, each ended by a line feed.
    init(rows: [String], header: String = "device_id,ksn") {
        self.init(([header] + rows).map { $0 + "\n" }.joined())
    }

    /// Runs `body` with the manifest in a file that is gone afterwards.
    func withSource<R>(_ body: (ManifestSource) throws -> R) throws -> R {
        guard let file = tmpfile() else { throw ManifestReadError.readFailed(errno: errno) }
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
        fflush(file)
        rewind(file)
        return try body(
            ManifestSource(
                descriptor: fileno(file), name: "m.csv", keys: keys, mappings: mappings, padding: padding,
                limits: limits))
    }

    /// Checks it.
    func check(
        capacity: Int = 4096, limit: Int? = 100, stream: ((Diagnostic) -> Void)? = nil
    ) throws -> ManifestCheckResult {
        try withSource { source in
            try ManifestCheck(source, limit: limit, stream: stream)
                .runSerially(chunkCapacity: capacity, limits: limits)
        }
    }

    /// What the check says, a line each, hints left out.
    func messages(capacity: Int = 4096) throws -> [String] {
        try check(capacity: capacity).diagnostics.kept.map { diagnostic in
            var copy = diagnostic
            copy.hint = nil
            return copy.description
        }
    }

    /// A TDES key serial number of device `number`.
    static func ksn(_ number: UInt64) -> String {
        InitialKeySerialNumber(family: .tdes, leading: 0xFFFF_9876_5400_0000)
            .advanced(by: number)?.description ?? ""
    }

    static func row(_ number: Int, _ more: String = "") -> String {
        "TERM-\(number),\(ksn(UInt64(number)))\(more)"
    }
}

/// A device as the second pass would provision it.
struct ProvisionedDevice: Equatable, CustomStringConvertible {
    var line: Int
    var status: DeviceStatus
    var name: String
    var ksn: UInt64
    var texts: [String]
    var reason: String

    var description: String { "\(line) \(status) \(name) \(String(ksn, radix: 16)) \(texts) \(reason)" }
}

extension ManifestFixture {
    /// Check, then second pass: every device in order.
    func provision(capacity: Int = 4096) throws -> [ProvisionedDevice] {
        try withSource { source in
            let check = ManifestCheck(source)
            _ = try check.runSerially(chunkCapacity: capacity, limits: limits)
            let pass = try check.beginProvisioning()
            let chunk = ManifestChunk(capacity: capacity, limits: limits)
            let columns = DeviceColumns(capacity: capacity)
            var devices: [ProvisionedDevice] = []
            while try pass.reader.fill(chunk) {
                pass.validator.examine(chunk, into: columns)
                devices += (0..<columns.count).map { device(at: $0, chunk, columns) }
            }
            try pass.verify(check.result(header: pass.header).digest)
            return devices
        }
    }

    private func device(at index: Int, _ chunk: ManifestChunk, _ columns: DeviceColumns) -> ProvisionedDevice {
        let texts = [columns.slot, columns.model, columns.label, columns.keyVersion]
        let row = Int(chunk.devices[index].row)
        return ProvisionedDevice(
            line: chunk.rows[row].line, status: columns.status[index],
            name: String(decoding: columns.identifier(index), as: UTF8.self), ksn: columns.initialKSN[index],
            texts: texts.map { String(decoding: chunk.bytes($0[index]), as: UTF8.self) },
            reason: columns.status[index] == .rejected ? columns.reason(ofRow: row) : "")
    }
}
