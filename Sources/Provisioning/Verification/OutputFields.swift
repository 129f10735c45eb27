import PaymentCrypto

/// The fields of one line of `keyblocks.csv` or `keyblocks.jsonl`, where they lie.
struct OutputFields {
    typealias Field = UnsafeBufferPointer<UInt8>

    static let names: [StaticString] = ["device_id", "slot", "model", "ksn", "algorithm", "kcv", "key_block"]

    private let fields: UnsafeMutableBufferPointer<Field>

    /// - Parameter fields: as many as there are ``names``.
    init(_ fields: UnsafeMutableBufferPointer<Field>) {
        precondition(fields.count == Self.names.count)
        self.fields = fields
    }

    /// Reads a line; false where it is none of this layout.
    func read(_ line: UnsafeMutableBufferPointer<UInt8>, layout: Layout) -> Bool {
        switch layout {
        case .files: false
        case .csv: FieldSplitter.split(line, into: fields) == fields.count
        case .jsonl: FieldSplitter.split(object: line, names: Self.names, into: fields)
        }
    }

    var keyBlock: Field { fields[6] }

    /// The first column that does not say what the report does.
    func difference(from report: ReportFields) -> (column: String, message: String)? {
        let pairs = [
            (report.device, fields[0]), (report.slot, fields[1]), (report.model, fields[2]),
            (report.keySerialNumber, fields[3]), (report.algorithm, fields[4]), (report.checkValue, fields[5]),
        ]
        guard let index = pairs.firstIndex(where: { !$0.0.isEqual(to: $0.1) }) else { return nil }
        let (expected, found) = pairs[index]
        let column = "\(Self.names[index])"
        return (column, "expected \(Shown(expected)) as in check-values.csv, found \(Shown(found))")
    }

    /// A cell as a difference shows it: serial numbers and check values are no secret.
    private struct Shown: CustomStringConvertible {
        let description: String

        init(_ field: Field) {
            let isNumber = field.count <= 24 && field.allSatisfy { Hexadecimal.value(of: $0) != nil }
            description =
                isNumber && !field.isEmpty ? String(decoding: field, as: UTF8.self) : TextExcerpt(field).description
        }
    }
}
