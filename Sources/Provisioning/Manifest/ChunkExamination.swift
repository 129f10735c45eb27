import PaymentCrypto

/// One chunk under examination: validates each row once and gives its values to each of its devices.
struct ChunkExamination {
    /// What a row gives to its devices.
    struct RowValues {
        var isAccepted = true
        var baseKey: Int32 = -1
        var identity = 0
        var protectionKey: Int32 = -1
        var profile: Int32 = 0
        var serialNumber: KeySerialNumber?
        var identifier = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        var pattern: DeviceIdentifierPattern?
        var slot = TextReference()
        var hasValidSlot = true
        var model = TextReference()
        var label = TextReference()
        var keyVersion = TextReference()
        var nonce = TextReference()
    }

    let validator: RowValidator
    let chunk: ManifestChunk
    let columns: DeviceColumns
    /// The last pair of keys that the caller was asked about, with their profile, and its answer.
    var lastPair: (pair: KeyPair, refusal: String?) = (KeyPair(baseKey: -1, protectionKey: -1, profile: -1), nil)

    /// The certificate of the row under examination, for transports that need one.
    ///
    /// Not among the row's values, since it is counted by reference and key blocks have none.
    var receiver: ExaminedReceiver?

    init(validator: RowValidator, chunk: ManifestChunk, columns: DeviceColumns) {
        self.validator = validator
        self.chunk = chunk
        self.columns = columns
    }

    mutating func run() {
        let count = min(chunk.deviceCount, columns.capacity)
        if validator.hasReceivers { columns.prepareReceivers() }
        var device = 0
        var accepted = 0
        while device < count {
            let row = Int(chunk.devices[device].row)
            var next = device + 1
            while next < count, Int(chunk.devices[next].row) == row { next += 1 }
            let values = examine(row: row, beginsHere: chunk.devices[device].ordinal == 1)
            write(values, to: device..<next)
            if values.isAccepted { accepted += next - device }
            device = next
        }
        columns.count = count
        columns.acceptedCount = accepted
    }

    /// Validates a row; its faults are reported only in the chunk in which it begins.
    private mutating func examine(row: Int, beginsHere: Bool) -> RowValues {
        let faultCount = columns.faults.count
        var values = RowValues()
        validate(row, into: &values)
        if case .judge(let findings) = validator.duplicates {
            let line = chunk.rows[row].line
            if findings.contains(line: line) || sharesCertificate(findings, line: line) {
                values.isAccepted = false
                if beginsHere { reportDuplicates(row, values, findings) }
            }
        }
        if let issued = validator.issued, let fault = fault(of: values, row, in: issued) {
            values.isAccepted = false
            report(row, .keySerialNumber, fault.message, hint: fault.hint)
        }
        guard beginsHere else {
            columns.faults.removeLast(columns.faults.count - faultCount)
            return values
        }
        columns.rowCount += 1
        if let receiver { columns.receiverSum &+= receiver.share }
        if !values.isAccepted { columns.rejectedRowCount += 1 }
        if let number = values.serialNumber, number.transactionCounter != 0 {
            if columns.countedRows == 0 { columns.firstCountedLine = chunk.rows[row].line }
            columns.countedRows += 1
        }
        return values
    }

    private func write(_ values: RowValues, to devices: Range<Int>) {
        for device in devices {
            let ordinal = chunk.devices[device].ordinal
            columns.status[device] =
                values.isAccepted ? .accepted : ordinal == 1 ? .rejected : .inRejectedRow
            columns.baseKey[device] = values.baseKey
            columns.protectionKey[device] = values.protectionKey
            columns.profile[device] = values.profile
            columns.slot[device] = values.slot
            columns.model[device] = values.model
            columns.label[device] = values.label
            columns.keyVersion[device] = values.keyVersion
            columns.nonce[device] = values.nonce
            if validator.hasReceivers { columns.set(receiver?.certificate, ofDevice: device) }
            var flags: DuplicateFlags = []
            columns.initialKSN[device] = 0
            if let initial = values.serialNumber?.initial.advanced(by: UInt64(ordinal) - 1) {
                columns.initialKSN[device] = initial.leading
                flags.insert(.hasSerialNumber)
            }
            columns.identifierCounts[device] = 0
            if let pattern = values.pattern {
                let name = columns.identifiers + device * DeviceColumns.identifierStride
                let count = pattern.write(values.identifier, ordinal: ordinal, to: name)
                columns.identifierCounts[device] = UInt8(truncatingIfNeeded: count)
                if values.hasValidSlot { flags.insert(.hasIdentifier) }
            }
            columns.duplicateFlags[device] = setKeys(device, values, flags)
        }
    }

    /// Sets the device's keys as far as they are asked for.
    private func setKeys(_ device: Int, _ values: RowValues, _ flags: DuplicateFlags) -> DuplicateFlags {
        let findings: DuplicateFindings?
        switch validator.duplicates {
        case .none, .judge: return flags
        case .gather: findings = nil
        case .mark(let candidates): findings = candidates
        }
        var flags = flags
        if flags.contains(.hasSerialNumber) {
            let key = validator.hashing.serialNumberKey(columns.initialKSN[device], identity: values.identity)
            columns.serialNumberKeys[device] = key
            if let findings, findings.serialNumbers.hasCandidate(key) { flags.insert(.serialNumberIsCandidate) }
        }
        if flags.contains(.hasIdentifier) {
            let folded = DuplicateHashing.fold(
                columns.identifier(device), slot: chunk.bytes(values.slot), into: columns.folded)
            let key = validator.hashing.identifierKey(folded)
            columns.identifierKeys[device] = key
            if let findings, findings.identifiers.hasCandidate(key) { flags.insert(.identifierIsCandidate) }
        }
        if validator.hasReceivers { setReceiverKeys(device, values, findings, &flags) }
        return flags
    }

    func report(_ row: Int, _ column: ManifestColumn?, _ message: String, hint: String? = nil) {
        columns.faults.append(RowFault(row: row, column: column?.rawValue, message: message, hint: hint))
    }
}
