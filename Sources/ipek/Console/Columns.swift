/// Text in columns, for people.
enum Columns {
    /// One line for each fact: its name, then its value.
    static func facts(_ facts: [(name: String, value: String)]) -> String {
        table(facts.map { [$0.name, $0.value] })
    }

    /// Rows whose columns begin below each other; nothing trails.
    static func table(_ rows: [[String]]) -> String {
        let widths = rows.reduce(into: [Int]()) { widths, row in
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        let lines = rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
            }.joined()
        }
        return lines.joined(separator: "\n")
    }
}
