public import Facility
public import PaymentCrypto

/// One key on its way out: a key of the keyring, or the initial key of one device.
///
/// Made from clear headers alone, so that whatever can be refused is refused before anybody is asked for a passphrase.
public struct KeyExport: Sendable {
    /// The key, or the base derivation key.
    public let entry: KeyringEntry
    /// What it is wrapped under.
    public let wrapping: KeyringEntry
    /// The device whose initial key leaves.
    public var serialNumber: InitialKeySerialNumber? {
        if case .initialKey(let export) = form { export.serialNumber } else { nil }
    }

    private let form: Form
    private let expectedCheckValue: ExpectedCheckValue?

    private enum Form: Sendable {
        case key(StoredKeyExport)
        case initialKey(InitialKeyExport)
    }

    /// Applies every rule that needs no clear key.
    ///
    /// - Throws: `FacilityError` for a missing or unfit key or profile, `HeaderOptionError`, and `ProvisioningError`
    ///   for a refusal by the rules of headers, strength and key sets, or a key serial number that is none.
    public init(_ options: KeyExportOptions, keyring: Keyring, profiles: HeaderProfiles) throws {
        let (entry, wrapping) = (try keyring.entry(options.key), try keyring.entry(options.protectionKey))
        do throws(KeyRoleError) { try wrapping.check(.wrapping) } catch { throw FacilityError.role(error) }
        guard entry.name != wrapping.name else {
            throw ProvisioningError.refused("key '\(entry.name)': a key is not wrapped under itself")
        }
        let time = KeyBlockTime.now
        form =
            if options.serialNumber == nil {
                .key(try StoredKeyExport(entry, under: wrapping, options, profiles, at: time))
            } else {
                .initialKey(try InitialKeyExport(entry, under: wrapping, options, profiles, at: time))
            }
        (self.entry, self.wrapping, expectedCheckValue) = (entry, wrapping, options.expectedCheckValue)
    }

    /// What is odd about the header and will be let pass.
    public var remarks: [KeyBlockDeviation] {
        if case .key(let export) = form { export.remarks } else { [] }
    }

    /// Whether the key serial number that was given has a counter that is not zero; it is cleared.
    public var clearsCounter: Bool {
        if case .initialKey(let export) = form { export.clearsCounter } else { false }
    }

    /// Takes the keys out of the site and makes the key block.
    public func perform(in site: borrowing UnlockedSite, tokens: any TokenKeys) throws -> ExportedKey {
        let protection = try site.protection(wrapping, for: .wrapping, tokens: tokens)
        switch form {
        case .key(let export):
            let key = try site.exportableKey(entry)
            try check(try key.checkValue())
            return try export.perform(key, under: protection)
        case .initialKey(let export):
            // One device is provisioned as much as a fleet is.
            try site.checkMayProvision(with: entry)
            try site.checkMayProvision(with: wrapping)
            let base = try site.baseKey(entry, tokens: tokens)
            try check(try base.checkValue())
            return try export.perform(base, under: protection)
        }
    }

    private func check(_ found: CheckValue) throws {
        guard let expectedCheckValue, !expectedCheckValue.matches(found) else { return }
        throw ProvisioningError.unexpectedCheckValue(
            name: entry.name.description, expected: expectedCheckValue, found: found)
    }
}
