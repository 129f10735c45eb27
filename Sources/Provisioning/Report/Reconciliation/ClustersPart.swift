/// Along the manifest: how many of each stretch's devices are not confirmed, and what became of them.
struct ClustersPart {
    struct ColumnPart {
        let kind: String
        let rectangle: PageRectangle
    }

    let clustersLead: String
    let clustersText: String
    let columnParts: [ColumnPart]
    let firstLine: String
    let lastLine: String

    /// Nothing where every device is confirmed, or where there is no device.
    init?(_ summary: ReconciliationSummary) {
        let stretches = summary.stretches.filter { $0.buckets.total > 0 }
        guard let first = stretches.first, let last = stretches.last,
            summary.buckets.confirmed < summary.buckets.total
        else { return nil }
        let width = 1_000 / Double(stretches.count)
        columnParts = stretches.enumerated().flatMap { index, stretch in
            Self.parts(of: stretch, x: Double(index) * width, width: width)
        }
        (firstLine, lastLine) = (PageText.grouped(first.firstLine), PageText.grouped(last.lastLine))
        clustersLead = """
            The manifest from its first line to its last, in \(PageText.count(stretches.count, "stretch", "stretches")). \
            A column is as high as the share of devices that are not confirmed.
            """
        clustersText = Self.text(stretches)
    }

    private static func parts(
        of stretch: ReconciliationSummary.Stretch, x: Double, width: Double
    ) -> [ColumnPart] {
        let total = Double(stretch.buckets.total)
        var top = 100.0
        return stretch.buckets.counts.filter { $0.kind != "confirmed" && $0.count > 0 }.map { part in
            let height = min(max(2, 100 * Double(part.count) / total), top)
            top -= height
            let label = """
                lines \(PageText.grouped(stretch.firstLine)) to \(PageText.grouped(stretch.lastLine)): \
                \(PageText.grouped(part.count)) \(part.kind)
                """
            // A hair between columns, as long as they are wide enough for one.
            let gap = width > 6 ? 1.0 : 0
            return ColumnPart(
                kind: part.kind,
                rectangle: PageRectangle(x: x, width: width - gap, y: top, height: height, label: label))
        }
    }

    /// How many there are, and where the most are together.
    private static func text(_ stretches: [ReconciliationSummary.Stretch]) -> String {
        func differing(_ stretch: ReconciliationSummary.Stretch) -> Int {
            stretch.buckets.total - stretch.buckets.confirmed
        }
        let all = stretches.reduce(0) { $0 + differing($1) }
        guard let worst = stretches.max(by: { differing($0) < differing($1) }) else { return "" }
        return """
            \(PageText.count(all, "device")) not confirmed; the most in one stretch are \
            \(PageText.grouped(differing(worst))) of \(PageText.grouped(worst.buckets.total)), in lines \
            \(PageText.grouped(worst.firstLine)) to \(PageText.grouped(worst.lastLine)).
            """
    }
}
