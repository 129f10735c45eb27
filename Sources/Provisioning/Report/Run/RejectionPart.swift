/// Why rows were rejected.
struct RejectionPart {
    struct Cause {
        let count: String
        let column: String
        let example: String
        let lineNumbers: String
    }

    /// The most causes that are listed.
    private static let limit = 30

    let causes: [Cause]
    let causesNote: String

    init(_ found: RejectionCauses) {
        let ranked = found.ranked
        causes = ranked.prefix(Self.limit).map { cause in
            let more = cause.count > cause.lines.count ? ", ..." : ""
            return Cause(
                count: PageText.grouped(cause.count), column: cause.column ?? "the row", example: cause.example,
                lineNumbers: cause.lines.map(String.init).joined(separator: ", ") + more)
        }
        let others = ranked.dropFirst(Self.limit).reduce(found.otherCount) { $0 + $1.count }
        let rest = others > 0 ? " \(PageText.count(others, "fault")) of further kinds are not listed." : ""
        causesNote =
            "A row can have several faults. rejected.csv has every rejected row as it was, with all of them.\(rest)"
    }
}
