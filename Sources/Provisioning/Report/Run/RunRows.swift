extension PageRows {
    /// The rows of `check-values.csv`, without columns that would say nothing.
    init(_ record: RunRecord, _ tally: RunTally) {
        let rejected = record.counts.rejected
        var columns = [PageColumn("Line", 0, kind: "number"), PageColumn("Device", 1)]
        if tally.models.hasText { columns.append(PageColumn("Model", 2)) }
        if tally.slots.hasText { columns.append(PageColumn("Slot", 3)) }
        columns.append(PageColumn("Initial KSN", 4, kind: "code"))
        if Set(record.bdk.map(\.algorithm)).count > 1 { columns.append(PageColumn("Algorithm", 5)) }
        columns.append(PageColumn("Check value", 6, kind: "code"))
        if record.bdk.count > 1 { columns.append(PageColumn("BDK", 8)) }
        if record.kbpk.count > 1 { columns.append(PageColumn("KBPK", 9)) }
        if rejected > 0 {
            columns += [PageColumn("Status", 10, kind: "status"), PageColumn("Reason", 11, kind: "text")]
        }
        let hasRows = record.counts.devices <= Self.limit
        let note =
            hasRows
            ? "check-values.csv has the same rows for a spreadsheet."
            : """
            \(PageText.grouped(record.counts.devices)) devices are too many for a page, which holds \
            \(PageText.grouped(Self.limit)). They are summed up above; check-values.csv has every one of them.
            """
        self.init(
            title: "Devices", note: note, hasRows: hasRows, columns: columns,
            kinds: record.counts.issued > 0 && rejected > 0 ? ["issued", "rejected"] : [])
    }
}

extension TextCounts {
    /// Whether any device has one.
    fileprivate var hasText: Bool { entries.contains { !$0.text.isEmpty } }
}
