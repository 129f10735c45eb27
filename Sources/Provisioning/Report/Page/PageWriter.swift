/// Writes a page piece by piece, so that its rows are never all in memory.
struct PageWriter {
    let frame: PageFrame
    let rows: PageRows

    /// - Parameters:
    ///   - read: gives the rows' CSV from its beginning, piece after piece, until its argument returns false.
    func write(
        _ page: Any, with template: String, to file: OutputFile,
        reading read: ((UnsafeRawBufferPointer) throws -> Bool) throws -> Void
    ) throws {
        try file.write(try PageTemplates.render(page, with: template))
        if rows.hasRows {
            try rows.writeAll(read, to: file)
            try file.write(frame.end)
        }
        try file.write("</body>\n</html>\n")
    }
}
