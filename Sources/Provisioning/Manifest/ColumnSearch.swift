/// A fault or notice on the header's line.
struct HeaderRemark: Sendable, Equatable {
    var column: String?
    var message: String
    var hint: String?
}

/// Finds the columns of a header row, each by its own name or by the one that was mapped to it.
struct ColumnSearch<Column: NamedColumn> {
    private let names: [String]
    private let mappings: [ColumnMapping<Column>]
    private var used: Set<Int> = []
    /// What makes the file unreadable.
    private(set) var faults: [HeaderRemark] = []

    init(_ names: [String], _ mappings: [ColumnMapping<Column>]) {
        self.names = names
        self.mappings = mappings
    }

    /// What is worth knowing, once every column was asked for: which ones nobody asked for.
    var notices: [HeaderRemark] {
        let ignored = names.indices.filter { !used.contains($0) }
        guard faults.isEmpty, !ignored.isEmpty else { return [] }
        let excerpts = ignored.prefix(20).map { TextExcerpt(names[$0]).description }.joined(separator: ", ")
        let more = ignored.count > 20 ? " and \(ignored.count - 20) more" : ""
        return [HeaderRemark(message: "ignored \(ignored.count == 1 ? "column" : "columns"): \(excerpts)\(more)")]
    }

    /// The position of a column, or -1; one that is missing or stands for two is a fault.
    ///
    /// - Parameter isRequired: whether it is needed here although not in every such file.
    mutating func position(of column: Column, isRequired: Bool = false) -> Int {
        let position = find(column, isRequired: isRequired || column.isRequired)
        if position >= 0, !used.insert(position).inserted {
            faults.append(
                HeaderRemark(
                    column: column.rawValue, message: "column \(position + 1) stands for another column already"))
        }
        return position
    }

    /// A mapped name is not also read under its own.
    private mutating func find(_ column: Column, isRequired: Bool) -> Int {
        let mapping = mappings.last { $0.ours == column }
        if mapping == nil, mappings.contains(where: { $0.theirs == column.rawValue }) {
            if isRequired { faults.append(missing(column, wanted: column.rawValue)) }
            return -1
        }
        let wanted = mapping?.theirs ?? column.rawValue
        let found = names.indices.filter { names[$0] == wanted }
        if found.count > 1 {
            let places = found.map { String($0 + 1) }.joined(separator: " and ")
            faults.append(
                HeaderRemark(column: column.rawValue, message: "expected one such column, found it at \(places)"))
        }
        if found.isEmpty, isRequired || mapping != nil { faults.append(missing(column, wanted: wanted)) }
        return found.first ?? -1
    }

    private func missing(_ column: Column, wanted: String) -> HeaderRemark {
        let isMapped = wanted != column.rawValue
        let message = isMapped ? "missing column, expected it as \(TextExcerpt(wanted))" : "missing column"
        let folded = Self.folded(wanted)
        let near = names.first { Self.folded($0) == folded && $0 != wanted }
        let hint = near.map { "the header has \(TextExcerpt($0)); names must match exactly, or give --map" }
        return HeaderRemark(column: column.rawValue, message: message, hint: hint ?? separatorHint)
    }

    /// For a header that another character divides; told once.
    private var separatorHint: String? {
        guard faults.isEmpty, names.count == 1, names[0].contains(where: { ";\t|".contains($0) }) else { return nil }
        return "fields are separated by commas; the header has none"
    }

    /// Letters and digits only, in lower case, so that `Device ID` is found near `device_id`.
    private static func folded(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}

extension HeaderRemark {
    /// The first name that is no text; nil where all are.
    init?(textOf chunk: ManifestChunk, columns: Int, limits: ManifestLimits) {
        for position in 0..<columns {
            let field = chunk.field(position, ofRow: 0)
            guard let fault = FieldFault(field, limits: limits) else { continue }
            let isUTF16 = field.contains(0) || field.starts(with: [0xFF, 0xFE]) || field.starts(with: [0xFE, 0xFF])
            let hint = isUTF16 ? "the file may be UTF-16; save it as UTF-8" : nil
            self.init(message: "column \(position + 1): \(fault.message(limits: limits))", hint: hint)
            return
        }
        return nil
    }
}
