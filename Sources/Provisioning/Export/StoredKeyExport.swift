import Facility
import PaymentCrypto

/// The export of a key of the keyring, whose own header says how far it may go.
struct StoredKeyExport: Sendable {
    let remarks: [KeyBlockDeviation]
    private let header: ExportHeader
    private let time: KeyBlockTime
    private let method: CheckValueMethod?

    init(
        _ entry: KeyringEntry, _ carrier: ExportCarrier, _ options: KeyExportOptions, _ profiles: HeaderProfiles,
        at time: KeyBlockTime
    ) throws {
        let profile = try options.profile.map { try profiles.profile($0) }
        let wrapping = carrier.headerAlgorithm
        header = try Self.header(entry, carrier, options.header, profile)
        try entry.checkMayLeave()
        if case .keyBlock(let key) = carrier,
            let refusal = KeyDirectory.pairRefusal(entry, key, version: header.version)
        {
            throw ProvisioningError.refused(refusal)
        }
        // A three-key TDES key with K1 = K3 is tried out as the two-key one that it counts as.
        let found = try header.tryOut(entry.effectiveAlgorithm, under: wrapping, at: time)
        if case .cryptogram = carrier { remarks = [] } else { remarks = found }
        self.time = time
        method = options.checkValueMethod
    }

    private static func header(
        _ entry: KeyringEntry, _ carrier: ExportCarrier, _ options: HeaderOptions, _ profile: HeaderProfile?
    ) throws -> ExportHeader {
        func make(_ options: HeaderOptions) throws(HeaderOptionError) -> ExportHeader {
            try ExportHeader(
                entry.header, options: try carrier.narrowed(options), under: carrier.headerAlgorithm)
        }
        do throws(HeaderOptionError) {
            return try make(profile.map { options.overriding($0.options) } ?? options)
        } catch {
            if let profile, (try? make(options)) != nil {
                throw ProvisioningError(error, in: "key '\(entry.name)': header profile '\(profile.name)'")
            }
            throw error.isRefusal ? ProvisioningError(error, in: "key '\(entry.name)'") : error
        }
    }

    func perform(_ key: borrowing SymmetricKey, _ carrier: OpenCarrier) throws -> ExportedKey {
        guard case .keyBlock(let protection) = carrier else {
            return try carrier.take(
                key, header: try header.header(of: key, at: time),
                checkValue: try key.checkValue(method ?? .standard(for: key.algorithm)))
        }
        let text = try header.wrap(key, under: protection, at: time)
        // Lenient: an odd header was remarked on; that the key is in there is what counts.
        guard try KeyBlock.open(text, under: protection, strictness: .lenient).takeKey().isEqual(to: key) else {
            throw EngineError(.operationFailed("opening a key block that was just made"))
        }
        return ExportedKey(
            material: text, transport: .tr31, checkValue: try key.checkValue(method ?? .standard(for: key.algorithm)),
            algorithm: key.effectiveAlgorithm,
            header: String(text.prefix(16)))
    }
}
