/// What a site keeps of one device that came back; good while the text that it lies in is.
///
/// A line of `runs/RUN.returns-…`: the fields, separated by commas; none but the last can hold one.
public struct DeviceReturn {
    /// A field, where it lies.
    public typealias Field = UnsafeBufferPointer<UInt8>

    /// The device_id.
    public var device: Field
    /// The slot; empty where there is none.
    public var slot: Field
    /// What became of it over all returns: `confirmed`, `mismatch` or `failed`.
    public var result: Field
    /// What its rows said, as letters; see docs/formats/returns.md.
    public var said: Field
    /// The digits that came back.
    public var checkValue: Field
    /// The leading digits of the initial serial number that came back.
    public var serialNumber: Field
    /// The words of the last failure.
    public var words: Field

    /// A device by its fields.
    public init(
        device: Field, slot: Field, result: Field, said: Field, checkValue: Field, serialNumber: Field, words: Field
    ) {
        (self.device, self.slot, self.result, self.said) = (device, slot, result, said)
        (self.checkValue, self.serialNumber, self.words) = (checkValue, serialNumber, words)
    }

    static let separator = UInt8(ascii: ",")

    /// Reads a line without its end; nil for one that has not seven fields.
    init?(line: Field) {
        var rest = line
        guard let device = Self.next(&rest), let slot = Self.next(&rest), let result = Self.next(&rest),
            let said = Self.next(&rest), let checkValue = Self.next(&rest), let serialNumber = Self.next(&rest),
            !device.isEmpty
        else { return nil }
        self.init(
            device: device, slot: slot, result: result, said: said, checkValue: checkValue,
            serialNumber: serialNumber, words: rest)
    }
}

extension DeviceReturn {
    /// Takes the field before the next comma, and the comma.
    private static func next(_ rest: inout Field) -> Field? {
        guard let comma = rest.firstIndex(of: separator) else { return nil }
        defer { rest = Field(rebasing: rest[(comma + 1)...]) }
        return Field(rebasing: rest[..<comma])
    }

    /// How many bytes a line of it has.
    var byteCount: Int {
        device.count + slot.count + result.count + said.count + checkValue.count + serialNumber.count + words.count + 7
    }
}

/// A file that came back from the injection line, as the site remembers it.
public struct ReturnRecord: Codable, Equatable, Sendable {
    /// What it is called.
    public var name: String
    /// Of its bytes.
    public var sha256: String
    /// How many rows it has.
    public var rows: Int
    /// When it was reconciled, UTC.
    public var time: String
    /// By whom, as they said.
    public var operators: [String]

    /// A return by name and content.
    public init(name: String, sha256: String, rows: Int, time: String, operators: [String]) {
        (self.name, self.sha256, self.rows, self.time, self.operators) = (name, sha256, rows, time, operators)
    }
}
