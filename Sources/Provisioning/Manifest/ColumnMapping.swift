/// The columns that one kind of CSV file may have, by the names that its header row gives them.
public protocol NamedColumn: RawRepresentable<String>, CaseIterable, Equatable, Sendable {
    /// Whether such a file cannot do without it.
    var isRequired: Bool { get }
}

/// One `--map ours=theirs`: the file calls one of our columns by a name of its own.
public struct ColumnMapping<Column: NamedColumn>: Sendable, Equatable {
    /// Our column.
    public let ours: Column
    /// The name in the file's header row.
    public let theirs: String

    /// Maps a column.
    public init(ours: Column, theirs: String) {
        self.ours = ours
        self.theirs = theirs
    }

    /// Reads `ours=theirs`.
    public init(pair: String) throws(ColumnMappingError) {
        guard let sign = pair.firstIndex(of: "="), sign != pair.startIndex,
            pair.index(after: sign) != pair.endIndex
        else { throw .notAPair }
        let name = String(pair[..<sign])
        guard let ours = Column(rawValue: name) else {
            throw .unknownColumn(name, expected: Column.allCases.map(\.rawValue))
        }
        self.init(ours: ours, theirs: String(pair[pair.index(after: sign)...]))
    }
}

/// What is wrong with a `--map`.
public enum ColumnMappingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not two names with an equals sign between them.
    case notAPair
    /// Our side of it is no column of such a file.
    case unknownColumn(String, expected: [String])

    /// Expected and found.
    public var description: String {
        switch self {
        case .notAPair: "expected ours=theirs"
        case .unknownColumn(let name, let expected):
            "expected one of \(expected.joined(separator: ", ")), found '\(name)'"
        }
    }
}
