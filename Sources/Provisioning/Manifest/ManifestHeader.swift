/// The header row: which column is where, and what is wrong with it.
struct ManifestHeader: Sendable {
    /// Where each of our columns is, counted from 0; -1 where the manifest has no such column.
    struct Positions: Sendable, Equatable {
        var deviceIdentifier = -1
        var keySerialNumber = -1
        var quantity = -1
        var baseKey = -1
        var protectionKey = -1
        var profile = -1
        var certificate = -1
        var nonce = -1
        var model = -1
        var label = -1
        var slot = -1
        var keyVersion = -1
    }

    /// A fault or notice on the header's line.
    struct Remark: Sendable, Equatable {
        var column: String?
        var message: String
        var hint: String?
    }

    /// The physical line of the header row.
    let line: Int
    /// The names as they are in the file.
    let columns: [String]
    /// Where our columns are.
    private(set) var positions = Positions()
    /// What makes the manifest unreadable.
    private(set) var faults: [Remark] = []
    /// What is worth knowing.
    private(set) var notices: [Remark] = []

    /// The header of a file that has none.
    init(emptyFileOfLines lines: Int) {
        line = max(1, lines)
        columns = []
        faults = [Remark(message: "expected a header row, found no record")]
    }

    /// Reads the header row, which is the chunk's only one.
    ///
    /// - Parameter needsCertificates: whether each row must name its device's certificate.
    init(
        _ chunk: ManifestChunk, mappings: [ColumnMapping], needsCertificates: Bool = false, limits: ManifestLimits
    ) {
        let row = chunk.rows[0]
        line = row.line
        columns = (0..<row.fieldCount).map { String(decoding: chunk.field($0, ofRow: 0), as: UTF8.self) }
        if let fault = row.fault {
            faults = [Remark(message: fault.message(line: row.faultLine, limits: limits), hint: fault.hint)]
            return
        }
        checkText(chunk, limits: limits)
        guard faults.isEmpty else { return }
        var used: Set<Int> = []
        for column in ManifestColumn.allCases {
            let isRequired = column.isRequired || (needsCertificates && column == .certificate)
            let position = find(column, isRequired: isRequired, mappings: mappings)
            if position >= 0, !used.insert(position).inserted {
                faults.append(
                    Remark(column: column.rawValue, message: "column \(position + 1) stands for another column already")
                )
            }
            set(column, position)
        }
        let ignored = columns.indices.filter { !used.contains($0) }
        if faults.isEmpty, !ignored.isEmpty { noteIgnored(ignored) }
    }

    private mutating func checkText(_ chunk: ManifestChunk, limits: ManifestLimits) {
        for position in columns.indices {
            let field = chunk.field(position, ofRow: 0)
            guard let fault = FieldFault(field, limits: limits) else { continue }
            let isUTF16 = field.contains(0) || field.starts(with: [0xFF, 0xFE]) || field.starts(with: [0xFE, 0xFF])
            let hint = isUTF16 ? "the file may be UTF-16; save it as UTF-8" : nil
            faults = [Remark(message: "column \(position + 1): \(fault.message(limits: limits))", hint: hint)]
            return
        }
    }

    /// The position of a column, or -1; a mapped name is not also read under its own.
    private mutating func find(_ column: ManifestColumn, isRequired: Bool, mappings: [ColumnMapping]) -> Int {
        let mapping = mappings.last { $0.ours == column }
        if mapping == nil, mappings.contains(where: { $0.theirs == column.rawValue }) {
            if isRequired { faults.append(missing(column, wanted: column.rawValue)) }
            return -1
        }
        let wanted = mapping?.theirs ?? column.rawValue
        let found = columns.indices.filter { columns[$0] == wanted }
        if found.count > 1 {
            let places = found.map { String($0 + 1) }.joined(separator: " and ")
            faults.append(Remark(column: column.rawValue, message: "expected one such column, found it at \(places)"))
        }
        if found.isEmpty, isRequired || mapping != nil { faults.append(missing(column, wanted: wanted)) }
        return found.first ?? -1
    }

    private func missing(_ column: ManifestColumn, wanted: String) -> Remark {
        let isMapped = wanted != column.rawValue
        let message = isMapped ? "missing column, expected it as \(TextExcerpt(wanted))" : "missing column"
        let folded = Self.folded(wanted)
        let near = columns.first { Self.folded($0) == folded && $0 != wanted }
        let hint = near.map { "the header has \(TextExcerpt($0)); names must match exactly, or give --map" }
        return Remark(column: column.rawValue, message: message, hint: hint)
    }

    private mutating func noteIgnored(_ positions: [Int]) {
        let names = positions.prefix(20).map { TextExcerpt(columns[$0]).description }.joined(separator: ", ")
        let more = positions.count > 20 ? " and \(positions.count - 20) more" : ""
        notices.append(Remark(message: "ignored \(positions.count == 1 ? "column" : "columns"): \(names)\(more)"))
    }

    /// Letters and digits only, in lower case, so that `Device ID` is found near `device_id`.
    private static func folded(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    private mutating func set(_ column: ManifestColumn, _ position: Int) {
        switch column {
        case .deviceIdentifier: positions.deviceIdentifier = position
        case .keySerialNumber: positions.keySerialNumber = position
        case .quantity: positions.quantity = position
        case .baseKey: positions.baseKey = position
        case .protectionKey: positions.protectionKey = position
        case .profile: positions.profile = position
        case .model: positions.model = position
        case .label: positions.label = position
        case .slot: positions.slot = position
        case .keyVersion: positions.keyVersion = position
        case .certificate: positions.certificate = position
        case .nonce: positions.nonce = position
        }
    }
}
