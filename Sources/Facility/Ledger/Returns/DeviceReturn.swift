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
        var (rest, fields) = (line, [Field]())
        for _ in 0..<6 {
            guard let comma = rest.firstIndex(of: Self.separator) else { return nil }
            fields.append(Field(rebasing: rest[..<comma]))
            rest = Field(rebasing: rest[(comma + 1)...])
        }
        guard !fields[0].isEmpty else { return nil }
        self.init(
            device: fields[0], slot: fields[1], result: fields[2], said: fields[3], checkValue: fields[4],
            serialNumber: fields[5], words: rest)
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
