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
    private let keyCells = KeyCells()
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
        let (devices, isRepeating) = (chunk.devices, isRepeating)
        var (issued, rejected) = (0, 0)
        for device in 0..<devices.count {
            switch devices.status[device] {
            case .accepted:
                if !isRepeating { try writeKeyBlock(of: device, in: chunk) }
                writeReport(of: device, in: chunk, isRepeating: isRepeating)
                issued += 1
            case .rejected:
                // The first pass lets no bad row through unless they are to be kept apart.
                guard let rejectedRows else { throw ProvisioningError.manifestChanged }
                rejectedRows.write(device, of: chunk)
                rejected += 1
            case .inRejectedRow:
                break
            }
        }
        chunk.issuedCount += issued
        chunk.rejectedCount += rejected
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
        let cells = keyCells.cells(of: devices.pair(device), names)
        let (identifier, slot) = (devices.identifier(device), chunk.text(devices.slot[device]))
        let (model, material) = (chunk.text(devices.model[device]), chunk.products.material(of: device))
        let limit =
            identifier.count + slot.count + LineCursor.limit(ofQuoted: model) + cells.algorithm.count
            + LineCursor.limit(ofQuoted: material) + Self.numberLimit
        var line = LineCursor(start: text.reserve(limit))
        line.append(identifier)
        line.appendComma()
        line.append(slot)
        line.appendComma()
        line.append(csv: model)
        line.appendComma()
        line.append(InitialKeySerialNumber(family: cells.family, leading: devices.initialKSN[device]))
        line.append(cells.algorithm)
        if let checkValue = chunk.products.checkValue[device] { line.append(checkValue) }
        line.appendComma()
        line.append(csv: material)
        line.append(UInt8(ascii: "\n"))
        text.advance(by: line.count)
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
        text.append(
            InitialKeySerialNumber(
                family: names.baseKeys[Int(devices.baseKey[device])].family, leading: devices.initialKSN[device]))
        text.append("\",\"algorithm\":\"")
        text.append(names.baseKeys[Int(devices.baseKey[device])].algorithm)
        text.append("\",\"kcv\":\"")
        if let checkValue = chunk.products.checkValue[device] { text.append(checkValue) }
        text.append("\",\"key_block\":\"")
        // A header's label may hold any printable character.
        text.append(json: chunk.products.material(of: device))
        text.append("\"}\n")
    }

    private func writeReport(of device: Int, in chunk: ProvisioningChunk, isRepeating: Bool) {
        let (text, devices) = (chunk.report, chunk.devices)
        let cells = keyCells.cells(of: devices.pair(device), names)
        let (identifier, slot) = (devices.identifier(device), chunk.text(devices.slot[device]))
        let model = chunk.text(devices.model[device])
        let limit =
            identifier.count + slot.count + LineCursor.limit(ofQuoted: model) + cells.algorithm.count + cells.rest.count
            + Self.numberLimit
        var line = LineCursor(start: text.reserve(limit))
        line.append(decimal: chunk.manifest.rows[Int(chunk.manifest.devices[device].row)].line)
        line.appendComma()
        line.append(identifier)
        line.appendComma()
        line.append(csv: model)
        line.appendComma()
        line.append(slot)
        line.appendComma()
        line.append(InitialKeySerialNumber(family: cells.family, leading: devices.initialKSN[device]))
        line.append(cells.algorithm)
        if isRepeating {
            // It is in the report on disk only, from where it is taken.
            chunk.products.checkValueOffset[device] = text.count + line.count
        } else if let checkValue = chunk.products.checkValue[device] {
            line.append(checkValue)
        }
        line.append(cells.rest)
        text.advance(by: line.count)
    }

    /// More than a line's own commas, its line number, serial number and check value take.
    private static let numberLimit = 96
}

/// The cells that are the same for every device of a pair of keys, kept for as long as one pair follows itself.
private final class KeyCells {
    struct Cells {
        let pair: KeyPair
        let family: DUKPTFamily
        /// The algorithm of the key, between commas.
        let algorithm: UnsafeBufferPointer<UInt8>
        /// What follows the check value in a line of the report.
        let rest: UnsafeBufferPointer<UInt8>
    }

    private let text = ByteBuffer(capacity: 256)
    private var last: Cells?

    /// Good until another pair is asked for.
    @inline(__always)
    func cells(of pair: KeyPair, _ names: ChunkWriter.KeyNames) -> Cells {
        if let last, last.pair == pair { return last }
        return write(pair, names)
    }

    private func write(_ pair: KeyPair, _ names: ChunkWriter.KeyNames) -> Cells {
        let base = names.baseKeys[Int(pair.baseKey)]
        text.removeAll()
        text.append(UInt8(ascii: ","))
        text.append(base.algorithm)
        text.append(UInt8(ascii: ","))
        let start = text.count
        text.append(UInt8(ascii: ","))
        text.append(base.checkValueMethod)
        text.append(UInt8(ascii: ","))
        text.append(base.name)
        text.append(UInt8(ascii: ","))
        if pair.protectionKey >= 0 { text.append(names.protectionKeys[Int(pair.protectionKey)]) }
        text.append(",issued,\n")
        let cells = Cells(
            pair: pair, family: base.family, algorithm: UnsafeBufferPointer(rebasing: text.characters[..<start]),
            rest: UnsafeBufferPointer(rebasing: text.characters[start...]))
        last = cells
        return cells
    }
}
