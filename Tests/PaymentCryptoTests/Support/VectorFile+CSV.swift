import Foundation
import Testing

extension VectorFile {
    /// The rows of a CSV file that needs no quotes, by the names in its first line.
    func csvRows() throws -> [[String: String]] {
        let lines = try String(decoding: Data(contentsOf: url), as: UTF8.self)
            .split(whereSeparator: \.isNewline).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let names = lines.first else { return [] }
        return lines.dropFirst().map { fields in
            Dictionary(zip(names, fields).map { (String($0), String($1)) }, uniquingKeysWith: { first, _ in first })
        }
    }
}

extension [String: String] {
    /// The cell of a column that must be there.
    func value(_ column: String) throws -> String { try #require(self[column], "no column \(column)") }
}
