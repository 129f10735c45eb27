import Glibc
import PaymentCrypto

/// The fields of one row of `check-values.csv`, where they lie.
struct ReportFields {
    typealias Field = UnsafeBufferPointer<UInt8>

    static let names = [
        "line", "device_id", "model", "slot", "ksn", "algorithm", "kcv", "kcv_algorithm", "bdk", "kbpk", "status",
        "reason",
    ]
    /// The first line of the file.
    static let head = names.joined(separator: ",")

    private let fields: UnsafeMutableBufferPointer<Field>

    /// - Parameter fields: as many as there are ``names``.
    init(_ fields: UnsafeMutableBufferPointer<Field>) {
        precondition(fields.count == Self.names.count)
        self.fields = fields
    }

    var line: Field { fields[0] }
    var device: Field { fields[1] }
    var model: Field { fields[2] }
    var slot: Field { fields[3] }
    var keySerialNumber: Field { fields[4] }
    var algorithm: Field { fields[5] }
    var checkValue: Field { fields[6] }
    var checkValueAlgorithm: Field { fields[7] }
    var baseKey: Field { fields[8] }
    var protectionKey: Field { fields[9] }
    var status: Field { fields[10] }
    var reason: Field { fields[11] }

    /// What is wrong with the cells that a manifest has, as ``ManifestCheck`` has let them through.
    var cellFault: (column: String, message: String)? {
        if line.isEmpty || line.count > 18 || !line.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) {
            return ("line", "expected a line number, found \(TextExcerpt(line))")
        }
        guard (1...64).contains(device.count), device.allSatisfy(Self.isDeviceCharacter),
            device.first.map(DeviceIdentifierPattern.isAlphanumeric) == true
        else { return ("device_id", "expected letters, digits, '.', '_' or '-', found \(TextExcerpt(device))") }
        if let fault = CellGrammar.freeTextFault(model) { return ("model", fault) }
        if !slot.isEmpty, let fault = CellGrammar.slotFault(slot) { return ("slot", fault) }
        return nil
    }

    private static func isDeviceCharacter(_ byte: UInt8) -> Bool {
        DeviceIdentifierPattern.isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }

    /// The number of the manifest's line.
    var lineNumber: Int { line.reduce(0) { $0 * 10 + Int($1 & 0x0F) } }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are these; nothing is allocated.
    @inline(__always)
    func isEqual(to text: StaticString) -> Bool {
        isEqual(to: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The same for bytes from elsewhere.
    @inline(__always)
    func isEqual(to other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
        return memcmp(start, otherStart, count) == 0
    }
}
