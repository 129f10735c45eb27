import Facility
import PaymentCrypto

/// The export of one device's initial key, by the rules of a run with one row.
///
/// It leaves whatever the exportability of its base derivation key is: X9.24-3:2017 and AWS's user guide, 'Export
/// keys', allow that to a key injection facility.
struct InitialKeyExport: Sendable {
    let serialNumber: InitialKeySerialNumber
    let clearsCounter: Bool
    private let header: HeaderPlan
    private let method: CheckValueMethod?

    init(
        _ entry: KeyringEntry, _ carrier: ExportCarrier, _ options: KeyExportOptions, _ profiles: HeaderProfiles,
        at time: KeyBlockTime
    ) throws {
        do throws(KeyRoleError) { try entry.check(.baseDerivation) } catch { throw FacilityError.role(error) }
        header = try Self.header(options, carrier, profiles, time)
        method = options.checkValueMethod
        let number = try Self.serialNumber(options, entry)
        (serialNumber, clearsCounter) = (number.initial, number.transactionCounter != 0)
        try Self.check(serialNumber, entry)
        if case .keyBlock(let wrapping) = carrier,
            let refusal = KeyDirectory.pairRefusal(entry, wrapping, version: header.keyBlockVersion)
        {
            throw ProvisioningError.refused(refusal)
        }
        try header.tryOut(for: entry.effectiveAlgorithm, under: carrier.headerAlgorithm)
    }

    private static func header(
        _ options: KeyExportOptions, _ carrier: ExportCarrier, _ profiles: HeaderProfiles, _ time: KeyBlockTime
    ) throws -> HeaderPlan {
        let plans =
            switch carrier {
            case .keyBlock:
                try HeaderPlans(options.header, profile: options.profile, of: profiles, started: time)
            case .token:
                try HeaderPlans(options.header, profile: options.profile, of: profiles, for: .token, started: time)
            // Nothing travels with the key that a profile could say something about.
            case .cryptogram:
                try HeaderPlans(options.header, profile: nil, of: HeaderProfiles(), for: .token, started: time)
            }
        for option in plans.standard.optionalBlocks where option.namesDevice {
            throw HeaderOptionError.noDevice(option.id)
        }
        return plans.standard
    }

    private static func serialNumber(_ options: KeyExportOptions, _ entry: KeyringEntry) throws -> KeySerialNumber {
        let (text, family) = (options.serialNumber ?? "", DUKPTFamily(entry.effectiveAlgorithm))
        let isPadded = options.padding == .leftF && family == .tdes
        do throws(KeySerialNumberError) {
            if isPadded, text.utf8.count != 16 { throw .wrongLength(family: .tdes, found: text.utf8.count) }
            return try KeySerialNumber(isPadded ? "FFFF" + text : text, family: family)
        } catch {
            throw ProvisioningError.serialNumber(message(error, entry, isPadded: isPadded))
        }
    }

    private static func message(_ error: KeySerialNumberError, _ entry: KeyringEntry, isPadded: Bool) -> String {
        switch error {
        // A position counts from what was given, not from the F that are put in front.
        case .notHexadecimal(let position) where isPadded:
            KeySerialNumberError.notHexadecimal(position: position - 4).description
        case .wrongLength(let family, let found):
            "expected \(family == .aes ? "24 or 16" : isPadded ? "16" : "20") hexadecimal digits, since key"
                + " '\(entry.name)' is \(family == .tdes ? "a TDES" : "an AES") key, found \(found)"
        default: error.description
        }
    }

    /// The block BI of the base derivation key says which devices are its own.
    private static func check(_ serialNumber: InitialKeySerialNumber, _ entry: KeyringEntry) throws {
        if let refusal = KeyDirectory.keySetRefusal(entry) { throw ProvisioningError.refused(refusal) }
        guard let keySet = KeyDirectory.keySet(entry), !keySet.begins(serialNumber) else { return }
        let found = serialNumber.description.prefix(keySet.description.count)
        throw ProvisioningError.refused(
            "--dukpt-ksn: expected \(keySet) first, as block BI of key '\(entry.name)' says, found \(found)")
    }

    func perform(_ base: BaseKeySource, _ carrier: OpenCarrier) throws -> ExportedKey {
        guard case .keyBlock(let protection) = carrier else {
            let key = try base.initialKey(for: serialNumber)
            return try carrier.take(key, header: try header(of: key), checkValue: try checkValue(of: key))
        }
        return try makeKeyBlock(base, under: protection)
    }

    private func header(of key: borrowing SymmetricKey) throws -> KeyBlockHeader {
        let checkValue = try key.checkValue()
        let template = header.template(for: key.algorithm, under: .aes256, wrappingCheckValue: checkValue)
        var row = KeyBlockTemplate.Row()
        (row.serialNumber, row.keyCheckValue) = (serialNumber.leading, checkValue)
        return try template.header(for: row)
    }

    private func makeKeyBlock(_ base: BaseKeySource, under protection: KeyBlockProtection) throws -> ExportedKey {
        let template = header.template(
            for: base.algorithm, under: protection.algorithm, wrappingCheckValue: try protection.checkValue())
        let workshop = try InitialKeyWorkshop(
            bdk: base, protection: protection,
            order: InitialKeyWorkshop.Order(
                template: template, algorithm: base.algorithm, lengthObfuscation: header.obfuscatesLength),
            capacity: 1)
        var made: ExportedKey?
        try withUnsafePointer(to: serialNumber.leading) { leading throws(KeyBlockError) in
            try workshop.make(
                serialNumbers: UnsafeBufferPointer(start: leading, count: 1),
                row: { _ in
                    var row = KeyBlockTemplate.Row()
                    row.serialNumber = serialNumber.leading
                    return row
                },
                deliver: { _, product in
                    let text = String(decoding: product.keyBlock, as: UTF8.self)
                    made = ExportedKey(
                        material: text, transport: .tr31, checkValue: product.checkValue, algorithm: base.algorithm,
                        header: String(text.prefix(16)))
                })
        }
        guard let made else { throw EngineError(.operationFailed("making one key block")) }
        guard let method, method != made.checkValue.method else { return made }
        return ExportedKey(
            material: made.material, transport: .tr31,
            checkValue: try checkValue(of: try base.initialKey(for: serialNumber)), algorithm: made.algorithm,
            header: made.header)
    }

    private func checkValue(of key: borrowing SymmetricKey) throws(EngineError) -> CheckValue {
        try key.checkValue(method ?? .standard(for: key.algorithm))
    }
}
