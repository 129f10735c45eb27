public import Facility
public import PaymentCrypto

/// One key on its way out: a key of the keyring, or the initial key of one device.
///
/// Made from clear headers and certificates alone, so that whatever can be refused is refused before anybody is asked
/// for a passphrase.
public struct KeyExport: Sendable {
    /// The key, or the base derivation key.
    public let entry: KeyringEntry
    /// What takes it to its receiver.
    public let carrier: ExportCarrier
    /// The device whose initial key leaves.
    public var serialNumber: InitialKeySerialNumber? {
        if case .initialKey(let export) = form { export.serialNumber } else { nil }
    }

    private let form: Form
    private let options: KeyExportOptions

    private enum Form: Sendable {
        case key(StoredKeyExport)
        case initialKey(InitialKeyExport)
    }

    /// Applies every rule that needs no clear key.
    ///
    /// - Throws: `FacilityError` for a missing or unfit key or profile, `HeldCertificateError` for a receiver that
    ///   cannot be trusted, `HeaderOptionError`, and `ProvisioningError` for a refusal by the rules of headers, strength and key
    ///   sets, or a key serial number that is none.
    public init(_ options: KeyExportOptions, in site: Site, _ keyring: Keyring) throws {
        let time = KeyBlockTime.now
        entry = try keyring.entry(options.key)
        carrier = try ExportCarrier(options.route, for: entry, in: site, keyring, at: Moment.now)
        self.options = options
        form =
            if options.serialNumber == nil {
                .key(try StoredKeyExport(entry, carrier, options, site.profiles, at: time))
            } else {
                .initialKey(try InitialKeyExport(entry, carrier, options, site.profiles, at: time))
            }
        guard !losesExportability || site.environment == .test else {
            throw ProvisioningError.refused(
                "key '\(entry.name)': expected exportability S, since a cryptogram has no header that keeps E")
        }
    }

    /// Whether the key may go on in key blocks only, and leaves as something that does not say so.
    ///
    /// See ANSI X9.143:2021, 6.3.5, table 6. The initial keys of a base derivation key leave whatever it has.
    public var losesExportability: Bool {
        guard case .cryptogram = carrier, options.serialNumber == nil else { return false }
        return entry.header.exportability == .trusted
    }

    /// What is odd about the header and will be let pass.
    public var remarks: [KeyBlockDeviation] {
        if case .key(let export) = form { export.remarks } else { [] }
    }

    /// Whether the key serial number that was given has a counter that is not zero; it is cleared.
    public var clearsCounter: Bool {
        if case .initialKey(let export) = form { export.clearsCounter } else { false }
    }

    /// Takes the keys out of the site and makes what leaves.
    ///
    /// - Parameter operators: whose doing it is where the site has to issue a certificate first.
    public func perform(
        in site: borrowing UnlockedSite, tokens: any TokenKeys, operators: [OperatorName] = []
    ) throws -> ExportedKey {
        func opened() throws -> OpenCarrier {
            try carrier.opened(in: site, tokens: tokens, operators: operators)
        }
        switch form {
        case .key(let export):
            let key = try site.exportableKey(entry)
            try check(try key.checkValue())
            return try export.perform(key, try opened())
        case .initialKey(let export):
            // One device is provisioned as much as a fleet is.
            try site.checkMayProvision(with: entry)
            if case .keyBlock(let wrapping) = carrier { try site.checkMayProvision(with: wrapping) }
            let base = try site.baseKey(entry, tokens: tokens)
            try check(try base.checkValue())
            return try export.perform(base, try opened())
        }
    }

    private func check(_ found: CheckValue) throws {
        guard let expected = options.expectedCheckValue, !expected.matches(found) else { return }
        throw ProvisioningError.unexpectedCheckValue(
            name: entry.name.description, expected: expected, found: found)
    }
}
