/// The first diagnostics of a file, and how many there were.
///
/// Memory is bounded by the limit, however bad the file is. What comes in must come in file order.
public struct DiagnosticList: Sendable, Equatable {
    /// How many faults are kept; all further ones are only counted.
    public static let defaultLimit = 100

    /// The limit, or nil to keep them all.
    public let limit: Int?
    /// The faults that were kept, and the notices, in file order.
    public private(set) var kept: [Diagnostic] = []
    /// The number of errors, kept or not.
    public private(set) var errorCount = 0
    private var keptFaultCount = 0
    private var faultCount = 0

    /// An empty list.
    public init(limit: Int? = Self.defaultLimit) {
        self.limit = limit
    }

    /// The number of faults that were counted but not kept.
    public var omittedCount: Int { faultCount - keptFaultCount }

    /// Whether the next fault would only be counted, so that its message need not be made.
    var isFull: Bool { limit.map { keptFaultCount >= $0 } ?? false }

    /// Takes a diagnostic; notices are few and are always kept.
    public mutating func add(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errorCount += 1 }
        if diagnostic.severity != .notice {
            faultCount += 1
            guard !isFull else { return }
            keptFaultCount += 1
        }
        kept.append(diagnostic)
    }

    /// Takes a notice that speaks of a line which was passed before, and puts it in its place.
    mutating func insert(notice: Diagnostic) {
        let place = kept.firstIndex { ($0.line ?? 0) > (notice.line ?? 0) } ?? kept.endIndex
        kept.insert(notice, at: place)
    }
}

extension DiagnosticList: Encodable {
    private enum CodingKeys: String, CodingKey {
        case diagnostics
    }

    /// `{"diagnostics": [...]}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kept, forKey: .diagnostics)
    }
}
