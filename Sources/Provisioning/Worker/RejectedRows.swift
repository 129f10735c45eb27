import PaymentCrypto

/// Writes a chunk's bad rows to `rejected.csv`, and one line each to the report.
///
/// One owner: a worker. Bad rows are rare, so clarity comes before speed here.
struct RejectedRows {
    private let names: ChunkWriter.KeyNames
    private let columns: ManifestHeader.Positions
    private let columnCount: Int

    init(names: ChunkWriter.KeyNames, header: ManifestHeader) {
        self.names = names
        columns = header.positions
        columnCount = header.columns.count
    }

    /// Both lines of a row that was refused; `device` stands for it.
    func write(_ device: Int, of chunk: ProvisioningChunk) {
        let reason = chunk.devices.reason(ofRow: Int(chunk.manifest.devices[device].row))
        writeReport(of: device, in: chunk, reason: reason)
        writeRow(of: device, in: chunk, reason: reason)
    }

    /// The report's line: what the row says, and why it was refused.
    private func writeReport(of device: Int, in chunk: ProvisioningChunk, reason: String) {
        let row = Int(chunk.manifest.devices[device].row)
        let text = chunk.report
        text.append(decimal: chunk.manifest.rows[row].line)
        for position in [columns.deviceIdentifier, columns.model, columns.slot] {
            text.append(UInt8(ascii: ","))
            text.append(csv: ReportText.harmless(ReportText.readable(chunk.manifest.field(position, ofRow: row))))
        }
        text.append(UInt8(ascii: ","))
        text.append(
            csv: ReportText.harmless(ReportText.readable(chunk.manifest.field(columns.keySerialNumber, ofRow: row))))
        let base = baseKey(of: device, in: chunk)
        for field in [base?.algorithm, [], base?.checkValueMethod, base?.name] {
            text.append(UInt8(ascii: ","))
            text.append(field ?? [])
        }
        text.append(UInt8(ascii: ","))
        let protectionKey = Int(chunk.devices.protectionKey[device])
        if names.protectionKeys.indices.contains(protectionKey) { text.append(names.protectionKeys[protectionKey]) }
        text.append(",rejected,")
        text.append(csv: reason)
        text.append(UInt8(ascii: "\n"))
    }

    /// The row as it was, then line and reason; with too few or too many fields it is filled up or cut, so that line and
    /// reason stay in their columns.
    private func writeRow(of device: Int, in chunk: ProvisioningChunk, reason: String) {
        let row = Int(chunk.manifest.devices[device].row)
        let text = chunk.rejected
        for position in 0..<columnCount {
            text.append(csv: chunk.manifest.field(position, ofRow: row))
            text.append(UInt8(ascii: ","))
        }
        text.append(decimal: chunk.manifest.rows[row].line)
        text.append(UInt8(ascii: ","))
        text.append(csv: reason)
        text.append(UInt8(ascii: "\n"))
    }

    private func baseKey(of device: Int, in chunk: ProvisioningChunk) -> ChunkWriter.KeyNames.Name? {
        let index = Int(chunk.devices.baseKey[device])
        return names.baseKeys.indices.contains(index) ? names.baseKeys[index] : nil
    }
}
