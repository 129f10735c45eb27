/// Writes the page of a reconciliation: what it came to, then the rows as they are in the CSV beside it.
struct ReconciliationReport {
    let summary: ReconciliationSummary

    /// - Parameters:
    ///   - read: gives the CSV from its beginning, piece after piece, until its argument returns false.
    func write(
        to file: OutputFile, reading read: ((UnsafeRawBufferPointer) throws -> Bool) throws -> Void
    ) throws {
        var rows = PageRows(summary)
        try rows.readFirst(read)
        let page = ReconciliationPage(summary, rows: rows)
        try PageWriter(frame: page.frame, rows: rows).write(page, with: "reconciliation", to: file, reading: read)
    }
}

extension PageRows {
    /// The rows of the CSV: all of them, or where they are too many those that are not confirmed.
    fileprivate init(_ summary: ReconciliationSummary) {
        let differing = summary.reportRows - summary.buckets.confirmed
        let listsAll = summary.reportRows <= Self.limit
        let hasRows = listsAll || differing <= Self.limit
        let results = ReconciliationResult.allCases.filter { result in
            result == .unexpected ? summary.unexpected > 0 : summary.buckets[result] > 0
        }
        let all = PageText.count(summary.reportRows, "row")
        self.init(
            title: listsAll || !hasRows ? "Devices" : "Devices that are not confirmed",
            note: listsAll
                ? "\(summary.reportName) has the same rows for a spreadsheet."
                : hasRows
                    ? "\(all) are too many for a page, so it leaves out what is confirmed; \(summary.reportName) has everything."
                    : "\(all) are too many for a page, and so are those that are not confirmed; \(summary.reportName) has all of them.",
            hasRows: hasRows, columns: Self.columns(summary),
            kinds: (listsAll && summary.buckets.confirmed > 0 ? ["not confirmed"] : [])
                + results.filter { listsAll || $0 != .confirmed }.map(\.rawValue),
            leavingOut: listsAll ? nil : (field: 6, value: ReconciliationResult.confirmed.rawValue))
    }

    private static func columns(_ summary: ReconciliationSummary) -> [PageColumn] {
        let hasSlots = summary.otherSlots.total > 0 || summary.slots.contains { !$0.name.isEmpty }
        return [PageColumn("Line", 0, kind: "number"), PageColumn("Device", 1)]
            + (hasSlots ? [PageColumn("Slot", 2)] : []) + [
                PageColumn("Initial KSN", 3, kind: "code"), PageColumn("Issued", 4, kind: "code"),
                PageColumn("Returned", 5, kind: "code"), PageColumn("Result", 6, kind: "status"),
                PageColumn("Reason", 7, kind: "text"),
            ]
    }
}
