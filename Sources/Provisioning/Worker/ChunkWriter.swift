import PaymentCrypto

/// Writes the text of a chunk: key blocks, tokens or cryptograms in one layout, report, rejected rows.
///
/// One owner: a worker.
final class ChunkWriter {
    /// The names and check value methods that a report repeats, one entry per key.
    struct KeyNames: Sendable {
        var baseKeys: [Name]
        var protectionKeys: [[UInt8]]

        struct Name: Sendable {
            var name: [UInt8]
            var family: DUKPTFamily
            var algorithm: [UInt8]
            var checkValueMethod: [UInt8]
        }
    }

    private let layout: Layout
    private let names: KeyNames
    private let rejectedRows: RejectedRows?
    private let files: DeviceFiles?
    /// Whether the next chunk was written by an interrupted run already.
    var isRepeating = false

    /// - Parameters:
    ///   - keepsRejectedRows: whether bad rows are reported; without it there are none.
    ///   - files: where device files go, for the layout that has them.
    init(
        layout: Layout, names: KeyNames, header: ManifestHeader, keepsRejectedRows: Bool, files: DeviceFiles?
    ) {
        self.layout = layout
        self.names = names
        rejectedRows = keepsRejectedRows ? RejectedRows(names: names, header: header) : nil
        self.files = files
    }

    /// Writes one line of the report for every device, or every rejected row, and the key block of every device.
    func write(_ chunk: ProvisioningChunk) throws {
        let devices = chunk.devices
        for device in 0..<devices.count {
            switch devices.status[device] {
            case .accepted:
                if !isRepeating { try writeKeyBlock(of: device, in: chunk) }
                writeReport(of: device, in: chunk)
                chunk.issuedCount += 1
            case .rejected:
                // The first pass lets no bad row through unless they are to be kept apart.
                guard let rejectedRows else { throw ProvisioningError.manifestChanged }
                rejectedRows.write(device, of: chunk)
                chunk.rejectedCount += 1
            case .inRejectedRow:
                break
            }
        }
    }

    private func writeKeyBlock(of device: Int, in chunk: ProvisioningChunk) throws {
        switch layout {
        case .files: try files?.write(device, of: chunk)
        case .csv: writeRecord(of: device, in: chunk)
        case .jsonl: writeObject(of: device, in: chunk)
        }
    }

    private func writeRecord(of device: Int, in chunk: ProvisioningChunk) {
        let (text, devices) = (chunk.keyBlocks, chunk.devices)
        text.append(devices.identifier(device))
        text.append(UInt8(ascii: ","))
        text.append(chunk.text(devices.slot[device]))
        text.append(UInt8(ascii: ","))
        text.append(csv: chunk.text(devices.model[device]))
        text.append(UInt8(ascii: ","))
        appendSerialNumber(of: device, in: chunk, to: text)
        text.append(UInt8(ascii: ","))
        text.append(names.baseKeys[Int(devices.baseKey[device])].algorithm)
        text.append(UInt8(ascii: ","))
        appendCheckValue(of: device, in: chunk, to: text)
        text.append(UInt8(ascii: ","))
        text.append(csv: chunk.products.material(of: device))
        text.append(UInt8(ascii: "\n"))
    }

    private func writeObject(of device: Int, in chunk: ProvisioningChunk) {
        let (text, devices) = (chunk.keyBlocks, chunk.devices)
        text.append("{\"device_id\":\"")
        text.append(devices.identifier(device))
        text.append("\",\"slot\":\"")
        text.append(chunk.text(devices.slot[device]))
        text.append("\",\"model\":\"")
        text.append(json: chunk.text(devices.model[device]))
        text.append("\",\"ksn\":\"")
        appendSerialNumber(of: device, in: chunk, to: text)
        text.append("\",\"algorithm\":\"")
        text.append(names.baseKeys[Int(devices.baseKey[device])].algorithm)
        text.append("\",\"kcv\":\"")
        appendCheckValue(of: device, in: chunk, to: text)
        text.append("\",\"key_block\":\"")
        // A header's label may hold any printable character.
        text.append(json: chunk.products.material(of: device))
        text.append("\"}\n")
    }

    private func writeReport(of device: Int, in chunk: ProvisioningChunk) {
        let (text, devices) = (chunk.report, chunk.devices)
        let base = names.baseKeys[Int(devices.baseKey[device])]
        text.append(decimal: chunk.manifest.rows[Int(chunk.manifest.devices[device].row)].line)
        text.append(UInt8(ascii: ","))
        text.append(devices.identifier(device))
        text.append(UInt8(ascii: ","))
        text.append(csv: chunk.text(devices.model[device]))
        text.append(UInt8(ascii: ","))
        text.append(chunk.text(devices.slot[device]))
        text.append(UInt8(ascii: ","))
        appendSerialNumber(of: device, in: chunk, to: text)
        text.append(UInt8(ascii: ","))
        text.append(base.algorithm)
        text.append(UInt8(ascii: ","))
        appendCheckValue(of: device, in: chunk, to: text)
        text.append(UInt8(ascii: ","))
        text.append(base.checkValueMethod)
        text.append(UInt8(ascii: ","))
        text.append(base.name)
        text.append(UInt8(ascii: ","))
        let protectionKey = Int(devices.protectionKey[device])
        if protectionKey >= 0 { text.append(names.protectionKeys[protectionKey]) }
        text.append(",issued,\n")
    }

    private func appendSerialNumber(of device: Int, in chunk: ProvisioningChunk, to text: ByteBuffer) {
        let family = names.baseKeys[Int(chunk.devices.baseKey[device])].family
        text.append(InitialKeySerialNumber(family: family, leading: chunk.devices.initialKSN[device]))
    }

    private func appendCheckValue(of device: Int, in chunk: ProvisioningChunk, to text: ByteBuffer) {
        // It is in the report on disk only, from where it is taken.
        if isRepeating { return chunk.products.checkValueOffset[device] = text.count }
        if let checkValue = chunk.products.checkValue[device] { text.append(checkValue) }
    }
}
