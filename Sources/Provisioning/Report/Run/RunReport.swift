/// Writes `report.html`, piece by piece: everything that is counted, then the rows as they are in `check-values.csv`.
struct RunReport {
    static let fileName = "report.html"

    let source: RunPageSource

    /// - Parameters:
    ///   - read: gives `check-values.csv` from its beginning, piece after piece, until its argument returns false.
    func write(
        to file: OutputFile, reading read: ((UnsafeRawBufferPointer) throws -> Bool) throws -> Void
    ) throws {
        var rows = PageRows(source.record, source.tally)
        try rows.readFirst(read)
        let page = RunPage(source, rows: rows)
        try PageWriter(frame: page.frame, rows: rows).write(page, with: "run", to: file, reading: read)
    }
}
