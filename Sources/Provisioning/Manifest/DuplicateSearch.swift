import PaymentCrypto

/// Collects the keys of all devices, within 32 bytes per device.
///
/// Sixteen bytes lie still, 24 where devices have certificates; eight more are there while one of the columns is being
/// sorted.
final class DuplicateSearch {
    private let serialNumbers: SerialNumberColumns
    private var identifiers = KeyColumn()
    private var certificates = KeyColumn()

    init(_ keys: ManifestKeys, _ hashing: DuplicateHashing) {
        serialNumbers = SerialNumberColumns(keys, hashing)
    }

    /// Adds a chunk's devices, in any order; those of bad rows too, for their duplicates are faults as well.
    func gather(_ columns: DeviceColumns) throws(ManifestReadError) {
        try serialNumbers.gather(columns) { $0.duplicateFlags[$1].contains(.hasSerialNumber) }
        try gather(columns.identifierKeys, of: columns, .hasIdentifier, into: identifiers)
        try gather(columns.certificateKeys, of: columns, .hasCertificate, into: certificates)
    }

    /// The candidates, or nil where no two devices have a key in common, and all serial numbers; forgets the keys.
    func conclude(
        lineCount: Int
    ) throws(ManifestReadError) -> (candidates: DuplicateFindings?, numbers: ManifestNumbers) {
        defer { (identifiers, certificates) = (KeyColumn(), KeyColumn()) }
        // What is kept of these is little; the serial numbers come last, when there is room for the sets made of them.
        let tables = (try DuplicateTable(identifiers), try DuplicateTable(certificates))
        let (repeated, numbers) = try serialNumbers.conclude()
        let findings = DuplicateFindings(
            serialNumbers: try DuplicateTable(candidates: repeated), identifiers: tables.0, certificates: tables.1,
            lines: try LineSet(lineCount: lineCount))
        return (findings.hasCandidates ? findings : nil, numbers)
    }

    private func gather(
        _ keys: UnsafeMutablePointer<UInt64>, of columns: DeviceColumns, _ flag: DuplicateFlags, into column: KeyColumn
    ) throws(ManifestReadError) {
        let (count, flags) = (columns.count, columns.duplicateFlags)
        var start = 0
        for index in 0...count {
            if index < count, flags[index].contains(flag) { continue }
            try column.append(UnsafeBufferPointer(start: keys + start, count: index - start))
            start = index + 1
        }
    }
}

/// The devices that share a key, and after a second look the lines of those that are duplicates indeed.
///
/// Unchecked: written by one collector while workers read only the candidates' keys, and not at all afterwards.
final class DuplicateFindings: @unchecked Sendable {
    let serialNumbers: DuplicateTable
    let identifiers: DuplicateTable
    /// Devices with one certificate; those with one device_id are no duplicates.
    let certificates: DuplicateTable
    private let lines: LineSet
    private(set) var isEmpty = true

    init(
        serialNumbers: DuplicateTable, identifiers: DuplicateTable, certificates: DuplicateTable, lines: LineSet
    ) {
        self.serialNumbers = serialNumbers
        self.identifiers = identifiers
        self.certificates = certificates
        self.lines = lines
    }

    /// Whether any two devices have a key in common.
    var hasCandidates: Bool { ![serialNumbers, identifiers, certificates].allSatisfy(\.isEmpty) }

    /// Whether a device of the row that begins on this line is a duplicate.
    func contains(line: Int) -> Bool { lines.contains(line) }

    /// Looks at a chunk's candidates again, chunks in manifest order.
    func confirm(_ columns: DeviceColumns, of chunk: ManifestChunk, keys: ManifestKeys, hashing: DuplicateHashing) {
        for device in 0..<columns.count {
            let flags = columns.duplicateFlags[device]
            guard !flags.isDisjoint(with: .candidates) else { continue }
            let line = chunk.rows[Int(chunk.devices[device].row)].line
            if flags.contains(.serialNumberIsCandidate) {
                let identity = keys.baseKeys[Int(columns.baseKey[device])].identity
                let check = hashing.serialNumberCheck(columns.initialKSN[device], identity: identity)
                note(serialNumbers.confirm(columns.serialNumberKeys[device], check: check, line: line), line)
            }
            if flags.contains(.identifierIsCandidate) {
                let slot = columns.slot[device]
                let folded = DuplicateHashing.fold(
                    columns.identifier(device), slot: chunk.bytes(slot), into: columns.folded)
                let check = hashing.identifierCheck(folded)
                note(identifiers.confirm(columns.identifierKeys[device], check: check, line: line), line)
            }
            confirmReceiver(device, of: columns, hashing, line)
        }
    }

    private func confirmReceiver(
        _ device: Int, of columns: DeviceColumns, _ hashing: DuplicateHashing, _ line: Int
    ) {
        let flags = columns.duplicateFlags[device]
        if flags.contains(.certificateIsCandidate), let certificate = columns.receivers[device] {
            let owner = hashing.identifierKey(DuplicateHashing.fold(columns.identifier(device), into: columns.folded))
            let found = certificates.confirm(
                columns.certificateKeys[device], check: hashing.certificateCheck(certificate.sha256), owner: owner,
                line: line)
            note(found, line)
        }
    }

    private func note(_ firstLine: Int?, _ line: Int) {
        guard let firstLine else { return }
        lines.insert(firstLine)
        lines.insert(line)
        isEmpty = false
    }
}

extension ManifestChunk {
    /// The bytes that a column refers to.
    func bytes(_ reference: TextReference) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text + Int(reference.offset), count: Int(reference.count))
    }
}
