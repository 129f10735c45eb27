/// The rows of a page: which columns there are, the first rows for whoever runs no script, and where the others are.
///
/// Every page's template has these names.
struct PageRows {
    /// The most rows that a page holds.
    static let limit = 100_000
    /// How many of them are there without the script.
    private static let firstCount = 50

    let rowsTitle: String
    let rowsNote: String
    let hasRows: Bool
    let columns: [PageColumn]
    /// What the list of kinds offers, and the place of its column.
    let kinds: [String]
    let hasKinds: Bool
    let kindColumn: Int
    private(set) var firstRows: [PageRow] = []
    private let leftOut: (field: Int, value: String)?

    /// - Parameters:
    ///   - kinds: the values of the column of kind `status`, where there are several.
    ///   - leftOut: rows with this value in this field of the CSV are not in the page.
    init(
        title: String, note: String, hasRows: Bool, columns: [PageColumn], kinds: [String],
        leavingOut leftOut: (field: Int, value: String)? = nil
    ) {
        self.leftOut = leftOut
        (rowsTitle, rowsNote, self.hasRows, self.columns) = (title, note, hasRows, columns)
        self.kinds = kinds
        kindColumn = columns.firstIndex { $0.kind == "status" } ?? -1
        hasKinds = kinds.count > 1 && kindColumn >= 0
    }

    /// Reads the first rows; `read` calls its argument with piece after piece of the CSV until that returns false.
    mutating func readFirst(_ read: ((UnsafeRawBufferPointer) throws -> Bool) throws -> Void) throws {
        guard hasRows else { return }
        let text = ByteBuffer(capacity: 1 << 14)
        var transcriber = RowTranscriber(
            sources: columns.map(\.source), limit: Self.firstCount, leavingOut: leftOut)
        try read { transcriber.take($0, into: text) }
        firstRows = String(decoding: text.characters, as: UTF8.self).split(separator: "\n").map(row)
    }

    /// Writes all rows as the script reads them, piece by piece.
    func writeAll(
        _ read: ((UnsafeRawBufferPointer) throws -> Bool) throws -> Void, to file: OutputFile
    ) throws {
        let text = ByteBuffer(capacity: 1 << 16)
        var transcriber = RowTranscriber(sources: columns.map(\.source), leavingOut: leftOut)
        try read { bytes in
            text.removeAll()
            let goesOn = transcriber.take(bytes, into: text)
            try file.write(text.bytes)
            return goesOn
        }
    }

    private func row(_ line: Substring) -> PageRow {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        return PageRow(
            cells: zip(fields, columns).map { field, column in
                let text = Self.unescaped(field)
                let kind = column.kind == "status" ? "is-" + text.filter { $0.isASCII && $0.isLowercase } : column.kind
                return PageRow.Cell(cellText: text, cellClass: kind.isEmpty ? nil : kind)
            })
    }

    private static func unescaped(_ field: Substring) -> String {
        guard field.contains("\\") else { return String(field) }
        var (text, isEscape) = ("", false)
        for character in field {
            if isEscape {
                text.append(["l": "<", "t": "\t", "n": "\n", "r": "\r"][character] ?? character)
                isEscape = false
            } else if character == "\\" {
                isEscape = true
            } else {
                text.append(character)
            }
        }
        return text
    }
}
