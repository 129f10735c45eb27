/// Why rows were refused, the same fault of many rows told once.
struct RejectionCauses: Sendable {
    struct Cause: Sendable {
        let column: String?
        /// The message of the first such row.
        let example: String
        var count = 0
        /// The lines of the first few.
        var lines: [Int] = []
    }

    private struct Name: Hashable {
        var column: String?
        var pattern: String
    }

    /// The most causes that are told apart, and the most lines that are named for each.
    static let (limit, lineLimit) = (100, 8)

    private(set) var causes: [Cause] = []
    /// Faults of further kinds.
    private(set) var otherCount = 0
    private var indices: [Name: Int] = [:]

    mutating func add(_ fault: RowFault, line: Int) {
        let name = Name(column: fault.column, pattern: Self.pattern(fault.message))
        let index = indices[name] ?? causes.count
        if index == causes.count {
            guard causes.count < Self.limit else {
                otherCount += 1
                return
            }
            causes.append(Cause(column: fault.column, example: fault.message))
            indices[name] = index
        }
        causes[index].count += 1
        if causes[index].lines.count < Self.lineLimit { causes[index].lines.append(line) }
    }

    /// The most frequent first, equals in the order of the manifest.
    var ranked: [Cause] {
        causes.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
    }

    /// The message without what differs from row to row: what is quoted, and words with a digit.
    private static func pattern(_ message: String) -> String {
        var words: [Substring] = []
        for (index, part) in message.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
            if !index.isMultiple(of: 2) { continue }
            words += part.split(separator: " ").filter { !$0.contains(where: \.isNumber) }
        }
        return words.joined(separator: " ")
    }
}
