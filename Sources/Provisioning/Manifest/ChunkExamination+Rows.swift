import PaymentCrypto

/// The rules for one row, column by column, in the order of the format's table.
extension ChunkExamination {
    mutating func validate(_ row: Int, into values: inout RowValues) {
        let faultCount = columns.faults.count
        defer { values.isAccepted = columns.faults.count == faultCount }
        if validator.hasReceivers { receiver = nil }
        guard recordIsWhole(row), textIsPlain(row) else { return }
        let positions = validator.positions
        let quantity = quantity(row, positions)
        // A quantity that is wrong still explains why the name has a place for a number.
        let given: Int? = quantity == .notGiven ? nil : quantity.deviceCount
        identifier(row, positions, quantity: given, into: &values)
        baseKey(row, positions, into: &values)
        serialNumber(row, positions, quantity: given ?? 1, into: &values)
        // The profile's key block version counts for the wrapping key, whose column comes first.
        let profileFault = profile(row, positions, into: &values)
        protectionKey(row, positions, into: &values)
        if let profileFault { report(row, .profile, profileFault) }
        if validator.hasReceivers { receiver(row, positions, quantity: given ?? 1, into: &values) }
        values.model = text(row, positions.model, .model, CellGrammar.freeTextFault)
        values.label = text(row, positions.label, .label, CellGrammar.freeTextFault)
        let slotFaults = columns.faults.count
        values.slot = text(row, positions.slot, .slot, CellGrammar.slotFault)
        values.hasValidSlot = columns.faults.count == slotFaults
        values.keyVersion = text(row, positions.keyVersion, .keyVersion, CellGrammar.keyVersionFault)
    }

    // MARK: The record

    private func recordIsWhole(_ row: Int) -> Bool {
        let record = chunk.rows[row]
        if let fault = record.fault {
            let message = fault.message(line: record.faultLine, limits: validator.limits)
            columns.faults.append(RowFault(row: row, message: message, hint: fault.hint))
            if fault.spoilsTheFile { columns.spoilsTheFile = true }
            return false
        }
        guard record.fieldCount == validator.columnCount else {
            let fields = validator.columnCount == 1 ? "1 field" : "\(validator.columnCount) fields"
            columns.faults.append(RowFault(row: row, message: "expected \(fields), found \(record.fieldCount)"))
            return false
        }
        return true
    }

    private func textIsPlain(_ row: Int) -> Bool {
        let record = chunk.rows[row]
        // Behind each field there is one byte more, a plain one.
        let start = Int(chunk.fieldBounds[record.firstField])
        let end = Int(chunk.fieldBounds[record.firstField + record.fieldCount])
        if end - start <= validator.limits.fieldByteCount,
            record.isPlainText || FieldFault.isPlain(chunk.text + start, count: end - start)
        {
            return true
        }
        let faultCount = columns.faults.count
        for position in 0..<record.fieldCount {
            guard let fault = FieldFault(chunk.field(position, ofRow: row), limits: validator.limits) else { continue }
            let message = fault.message(limits: validator.limits)
            columns.faults.append(RowFault(row: row, column: validator.name(of: position), message: message))
        }
        return columns.faults.count == faultCount
    }

    // MARK: Cells

    /// A cell that has something in it.
    func cell(_ row: Int, _ position: Int) -> UnsafeBufferPointer<UInt8>? {
        guard position >= 0 else { return nil }
        let cell = chunk.field(position, ofRow: row)
        return cell.isEmpty ? nil : cell
    }

    func text(
        _ row: Int, _ position: Int, _ column: ManifestColumn, _ fault: (UnsafeBufferPointer<UInt8>) -> String?
    ) -> TextReference {
        guard let cell = cell(row, position), let start = cell.baseAddress else { return TextReference() }
        if let message = fault(cell) {
            report(row, column, message)
            return TextReference()
        }
        let offset = UnsafePointer(start) - UnsafePointer(chunk.text)
        return TextReference(
            offset: UInt32(truncatingIfNeeded: offset), count: UInt32(truncatingIfNeeded: cell.count))
    }

    private func quantity(_ row: Int, _ positions: ManifestHeader.Positions) -> QuantityCell {
        guard let cell = cell(row, positions.quantity) else { return .notGiven }
        let quantity = QuantityCell(cell, limits: validator.limits)
        let expected = "expected a number from 1 to \(validator.limits.deviceCount)"
        switch quantity {
        case .notANumber, .outOfRange: report(row, .quantity, "\(expected), found \(TextExcerpt(cell))")
        case .notGiven, .devices: break
        }
        return quantity
    }

    private func identifier(
        _ row: Int, _ positions: ManifestHeader.Positions, quantity: Int?, into values: inout RowValues
    ) {
        let cell = chunk.field(positions.deviceIdentifier, ofRow: row)
        do {
            values.pattern = try DeviceIdentifierPattern(cell, quantity: quantity)
            values.identifier = cell
        } catch {
            let isPattern = quantity == nil && cell.contains(UInt8(ascii: "{"))
            report(
                row, .deviceIdentifier, error.description, hint: isPattern ? "{n} needs a quantity" : nil)
        }
    }

    // MARK: Keys

    private func baseKey(_ row: Int, _ positions: ManifestHeader.Positions, into values: inout RowValues) {
        let index: Int
        if let cell = cell(row, positions.baseKey) {
            guard let found = validator.baseKeyNames.index(of: cell) else {
                report(row, .baseKey, "no key named \(TextExcerpt(cell))")
                return
            }
            index = found
        } else {
            guard let standard = validator.keys.defaultBaseKey, validator.baseKeyRules.indices.contains(standard) else {
                report(row, .baseKey, "expected a key name here or with --bdk, found neither")
                return
            }
            index = standard
        }
        let rule = validator.baseKeyRules[index]
        if rule.isRefused, let refusal = validator.keys.baseKeys[index].refusal {
            report(row, .baseKey, refusal)
            return
        }
        values.baseKey = Int32(truncatingIfNeeded: index)
        values.identity = rule.identity
    }

    private mutating func protectionKey(
        _ row: Int, _ positions: ManifestHeader.Positions, into values: inout RowValues
    ) {
        guard validator.keys.needsProtectionKey else { return }
        let index: Int
        if let cell = cell(row, positions.protectionKey) {
            guard let found = validator.protectionKeyNames.index(of: cell) else {
                report(row, .protectionKey, "no key named \(TextExcerpt(cell))")
                return
            }
            index = found
        } else {
            guard let standard = validator.keys.defaultProtectionKey,
                validator.keys.protectionKeys.indices.contains(standard)
            else {
                if validator.keys.mayLackProtectionKey { return }
                report(row, .protectionKey, "expected a key name here or with --kbpk, found neither")
                return
            }
            index = standard
        }
        values.protectionKey = Int32(truncatingIfNeeded: index)
        if let refusal = refusal(values) { report(row, .protectionKey, refusal) }
    }

    /// Why a protection key cannot be used, alone or for the row's base key; rows mostly repeat the pair before.
    private mutating func refusal(_ values: RowValues) -> String? {
        let pair = KeyPair(
            baseKey: values.baseKey, protectionKey: values.protectionKey, profile: values.profile)
        if lastPair.pair == pair { return lastPair.refusal }
        var refusal = validator.keys.protectionKeys[Int(pair.protectionKey)].refusal
        if refusal == nil, pair.baseKey >= 0 {
            refusal = validator.keys.pairRefusal(Int(pair.baseKey), Int(pair.protectionKey), Int(pair.profile))
        }
        lastPair = (pair, refusal)
        return refusal
    }

    /// The header profile that the row names, or the one of rows that name none; returns what is wrong with it.
    private func profile(
        _ row: Int, _ positions: ManifestHeader.Positions, into values: inout RowValues
    ) -> String? {
        values.profile = Int32(truncatingIfNeeded: validator.keys.defaultProfile)
        guard let cell = cell(row, positions.profile), validator.carriesHeader else { return nil }
        guard let index = validator.profileNames.index(of: cell) else { return "no profile named \(TextExcerpt(cell))" }
        values.profile = Int32(truncatingIfNeeded: index)
        return validator.keys.profiles[index].refusal
    }
}

extension RowValidator {
    /// What a message calls a column: our name for ours, the manifest's for others.
    func name(of position: Int) -> String {
        switch position {
        case positions.deviceIdentifier: ManifestColumn.deviceIdentifier.rawValue
        case positions.keySerialNumber: ManifestColumn.keySerialNumber.rawValue
        case positions.quantity: ManifestColumn.quantity.rawValue
        case positions.baseKey: ManifestColumn.baseKey.rawValue
        case positions.protectionKey: ManifestColumn.protectionKey.rawValue
        case positions.profile: ManifestColumn.profile.rawValue
        case positions.certificate: ManifestColumn.certificate.rawValue
        case positions.nonce: ManifestColumn.nonce.rawValue
        case positions.model: ManifestColumn.model.rawValue
        case positions.label: ManifestColumn.label.rawValue
        case positions.slot: ManifestColumn.slot.rawValue
        case positions.keyVersion: ManifestColumn.keyVersion.rawValue
        default:
            columns.indices.contains(position)
                ? TextExcerpt.plainOrQuoted(columns[position]) : "column \(position + 1)"
        }
    }
}
