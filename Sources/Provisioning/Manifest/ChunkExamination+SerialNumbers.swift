import PaymentCrypto

/// The rules for key serial numbers, and what is said about duplicates.
extension ChunkExamination {
    func serialNumber(
        _ row: Int, _ positions: ManifestHeader.Positions, quantity: Int, into values: inout RowValues
    ) {
        let cell = chunk.field(positions.keySerialNumber, ofRow: row)
        guard values.baseKey >= 0 else {
            // Without the key it is not known which lengths are right, but what a digit is, is.
            if let place = cell.firstIndex(where: { Hexadecimal.value(of: $0) == nil }) {
                report(row, .keySerialNumber, KeySerialNumberError.notHexadecimal(position: place + 1).description)
            }
            return
        }
        let rule = validator.baseKeyRules[Int(values.baseKey)]
        do {
            let number = try parse(cell, family: rule.family)
            guard accepts(number.initial, rule.keySet, row, values) else { return }
            guard number.initial.advanced(by: UInt64(quantity - 1)) != nil else {
                report(row, .keySerialNumber, overflow(number.initial, quantity: quantity))
                return
            }
            values.serialNumber = number
        } catch {
            report(row, .keySerialNumber, message(error, values), hint: hint(error))
        }
    }

    /// Reads the digits, with FFFF in front of an 8-byte number where that was asked for.
    private func parse(
        _ cell: UnsafeBufferPointer<UInt8>, family: DUKPTFamily
    ) throws(KeySerialNumberError) -> KeySerialNumber {
        guard validator.padding == .leftF, family == .tdes else {
            return try KeySerialNumber(cell, family: family)
        }
        // Positions in a message count from the cell's first character, not from the F that are put in front.
        if let place = cell.firstIndex(where: { Hexadecimal.value(of: $0) == nil }) {
            throw .notHexadecimal(position: place + 1)
        }
        guard cell.count == 16 else { throw .wrongLength(family: .tdes, found: cell.count) }
        return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) {
            (digits) throws(KeySerialNumberError) in
            for index in 0..<4 { digits[index] = UInt8(ascii: "F") }
            for index in 0..<16 { digits[4 + index] = cell[index] }
            return try KeySerialNumber(UnsafeBufferPointer(digits), family: .tdes)
        }
    }

    private func accepts(
        _ initial: InitialKeySerialNumber, _ keySet: KeySetIdentifier?, _ row: Int, _ values: RowValues
    ) -> Bool {
        guard let keySet, !keySet.begins(initial) else { return true }
        let name = validator.keys.baseKeys[Int(values.baseKey)].name
        let found = initial.description.prefix(keySet.description.count)
        report(row, .keySerialNumber, "expected \(keySet) first, as block BI of key '\(name)' says, found \(found)")
        return false
    }

    private func overflow(_ initial: InitialKeySerialNumber, quantity: Int) -> String {
        let (bits, last): (Int, UInt64) = initial.family == .tdes ? (19, 0x7FFFF) : (32, 0xFFFF_FFFF)
        let device = initial.family == .tdes ? initial.leading >> 5 & last : initial.leading & last
        let room = last - device + 1
        let devices = room == 1 ? "1 device" : "\(room) devices"
        return
            "expected at most \(devices) from here to the end of the \(bits)-bit device field, found \(quantity)"
    }

    private func message(_ error: KeySerialNumberError, _ values: RowValues) -> String {
        guard case .wrongLength(let family, let found) = error else { return error.description }
        let name = validator.keys.baseKeys[Int(values.baseKey)].name
        let kind = family == .tdes ? "a TDES" : "an AES"
        let expected = family == .aes ? "24 or 16" : validator.padding == .leftF ? "16" : "20"
        return "expected \(expected) hexadecimal digits, since key '\(name)' is \(kind) key, found \(found)"
    }

    private func hint(_ error: KeySerialNumberError) -> String? {
        guard case .wrongLength(let family, let found) = error else { return nil }
        switch (family, found, validator.padding) {
        case (.tdes, 20, .leftF): return "--ksn-padding left-f takes 8-byte key serial numbers only"
        case (.tdes, 24, _): return "24 digits are an AES key serial number; the row may need another bdk"
        case (.tdes, 16, .none):
            return "16 digits are an AES initial key ID, or an 8-byte TDES number for --ksn-padding left-f"
        case (.aes, 20, _): return "20 digits are a TDES key serial number; the row may need another bdk"
        default: return nil
        }
    }

    // MARK: Earlier runs

    /// What is wrong with the row's first number that an earlier run has.
    func fault(
        of values: RowValues, _ row: Int, in issued: IssuedNumbers
    ) -> IssuedNumbers.Fault? {
        guard let initial = values.serialNumber?.initial else { return nil }
        let quantity = QuantityCell(chunk.field(validator.positions.quantity, ofRow: row), limits: validator.limits)
        return issued.fault(
            from: initial, count: max(1, quantity.deviceCount), identity: values.identity, line: chunk.rows[row].line,
            device: { name(ofDevice: $0 + 1, values) })
    }

    private func name(ofDevice ordinal: Int, _ values: RowValues) -> String? {
        guard let pattern = values.pattern else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DeviceColumns.identifierStride) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = pattern.write(values.identifier, ordinal: UInt32(truncatingIfNeeded: ordinal), to: start)
            return String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }

    // MARK: Duplicates

    /// One fault for the row's first duplicate serial number and one for its first duplicate name.
    func reportDuplicates(_ row: Int, _ values: RowValues, _ findings: DuplicateFindings) {
        let line = chunk.rows[row].line
        if validator.hasReceivers { reportReceiverDuplicates(row, values, findings, line) }
        let quantity = QuantityCell(chunk.field(validator.positions.quantity, ofRow: row), limits: validator.limits)
        var (serialNumberIsDone, identifierIsDone) = (values.serialNumber == nil, values.pattern == nil)
        for ordinal in 1...max(1, quantity.deviceCount) {
            if serialNumberIsDone, identifierIsDone { return }
            if !serialNumberIsDone, let found = duplicateSerialNumber(ordinal, values, findings, line) {
                report(
                    row, .keySerialNumber, "same initial key serial number \(found.initial) as on line \(found.line)")
                serialNumberIsDone = true
            }
            if !identifierIsDone, let found = duplicateIdentifier(ordinal, values, findings, line) {
                let with = values.slot.count > 0 ? " and slot" : ""
                report(row, .deviceIdentifier, "same device_id\(with) as on line \(found.line): '\(found.name)'")
                identifierIsDone = true
            }
        }
    }

    private func duplicateSerialNumber(
        _ ordinal: Int, _ values: RowValues, _ findings: DuplicateFindings, _ line: Int
    ) -> (line: Int, initial: InitialKeySerialNumber)? {
        guard let initial = values.serialNumber?.initial.advanced(by: UInt64(ordinal - 1)) else { return nil }
        let hashing = validator.hashing
        let other = findings.serialNumbers.otherLine(
            hashing.serialNumberKey(initial.leading, identity: values.identity),
            check: hashing.serialNumberCheck(initial.leading, identity: values.identity), line: line)
        return other.map { ($0, initial) }
    }

    private func duplicateIdentifier(
        _ ordinal: Int, _ values: RowValues, _ findings: DuplicateFindings, _ line: Int
    ) -> (line: Int, name: String)? {
        guard let pattern = values.pattern, values.hasValidSlot else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DeviceColumns.identifierStride) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = pattern.write(values.identifier, ordinal: UInt32(truncatingIfNeeded: ordinal), to: start)
            let name = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[..<count])
            let folded = DuplicateHashing.fold(name, slot: chunk.bytes(values.slot), into: columns.folded)
            let other = findings.identifiers.otherLine(
                validator.hashing.identifierKey(folded), check: validator.hashing.identifierCheck(folded), line: line)
            return other.map { ($0, String(decoding: name, as: UTF8.self)) }
        }
    }
}
