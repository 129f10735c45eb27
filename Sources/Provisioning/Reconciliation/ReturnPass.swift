import PaymentCrypto

/// Reads a return once, and notes with every device of the run what came back of it.
final class ReturnPass {
    /// What a return comes to.
    struct Product {
        /// How many rows there are behind the header.
        var rows = 0
        /// How many of them the run does not have.
        var unexpected = 0
        /// Faults and notices.
        var diagnostics: DiagnosticList
        /// Of the whole file.
        var digest: SHA256Digest?
    }

    private let devices: RunDevices
    private let name: String
    private let unexpected: UnexpectedRows
    private var words: FailureWords
    private var product: Product

    /// - Parameters:
    ///   - name: what messages call the file.
    ///   - unexpected: takes the rows that the run does not have.
    init(
        _ devices: RunDevices, name: String, words: FailureWords, unexpected: UnexpectedRows, limit: Int?
    ) {
        (self.devices, self.name, self.words, self.unexpected) = (devices, name, words, unexpected)
        product = Product(diagnostics: DiagnosticList(limit: limit))
    }

    /// Reads to the end; with a fault in the result, nothing that was noted counts.
    func run(
        _ descriptor: Int32, mappings: [ColumnMapping<ReturnColumn>], interruption: Interruption,
        progress: (Int) -> Void
    ) throws -> (Product, FailureWords) {
        let reader = try ManifestReader(descriptor: descriptor)
        let header = ReturnHeader(try reader.readHeaderRow(), mappings: mappings, hasSlots: devices.hasSlots)
        for fault in header.faults { add(fault, line: header.line) }
        for notice in header.notices { add(notice, line: header.line, severity: .notice) }
        guard header.faults.isEmpty else { return (product, words) }
        let chunk = ManifestChunk()
        while try reader.fill(chunk) {
            if interruption.isRequested { throw ProvisioningError.interrupted }
            try take(chunk, header)
            progress(product.rows)
        }
        if product.rows == 0 {
            add(HeaderRemark(message: "expected at least one row, found none"), line: header.line)
        }
        product.digest = try reader.digest()
        return (product, words)
    }

    private func take(_ chunk: ManifestChunk, _ header: ReturnHeader) throws {
        let start = Int(chunk.fieldBounds[0])
        let isPlain = FieldFault.isPlain(chunk.text + start, count: Int(chunk.fieldBounds[chunk.fieldCount]) - start)
        for row in 0..<chunk.rowCount {
            product.rows += 1
            guard check(row, of: chunk, header, isPlain: isPlain) else { continue }
            try take(ReturnedRow(row, of: chunk, header))
        }
    }

    private func take(_ row: ReturnedRow) throws {
        guard let device = devices.find(row.identifier, slot: row.slot), !devices.isRejected(device) else {
            product.unexpected += 1
            let isRefused = devices.find(row.identifier, slot: row.slot) != nil
            return try unexpected.write(row, isRefused: isRefused, hasSlots: devices.hasSlots)
        }
        var state = row.state(family: devices.family(device))
        if state.phase == .failed { state.words = words.index(of: row.statusText) }
        devices[device] = devices[device].followed(by: state)
    }

    /// Whether a row can be read; what is wrong with it makes the whole return bad, since nobody knows what it says.
    private func check(_ row: Int, of chunk: ManifestChunk, _ header: ReturnHeader, isPlain: Bool) -> Bool {
        let (record, limits) = (chunk.rows[row], ManifestLimits())
        if let fault = record.fault {
            add(
                HeaderRemark(message: fault.message(line: record.faultLine, limits: limits), hint: fault.hint),
                line: record.line)
            return false
        }
        guard record.fieldCount == header.columnCount else {
            let (expected, found) = (header.columnCount, record.fieldCount)
            add(
                HeaderRemark(message: "expected \(expected) field\(expected == 1 ? "" : "s"), found \(found)"),
                line: record.line)
            return false
        }
        if isPlain { return true }
        for column in ReturnColumn.allCases {
            guard let fault = FieldFault(chunk.field(header.position(column), ofRow: row), limits: limits) else {
                continue
            }
            add(HeaderRemark(column: column.rawValue, message: fault.message(limits: limits)), line: record.line)
            return false
        }
        return true
    }

    private func add(_ remark: HeaderRemark, line: Int, severity: Diagnostic.Severity = .error) {
        product.diagnostics.add(
            Diagnostic(
                file: name, line: line, column: remark.column, severity: severity, message: remark.message,
                hint: remark.hint))
    }
}
