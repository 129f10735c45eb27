import Facility
import PaymentCrypto

/// The keys of a site as a manifest may name them: what their headers permit, and no key byte.
struct KeyDirectory: Sendable {
    let entries: [KeyringEntry]
    let manifestKeys: ManifestKeys

    /// Refuses what `--bdk` and `--kbpk` name where it cannot be used as such, or not together.
    ///
    /// - Parameter wraps: whether every row needs a wrapping key; a manifest can be checked before there is one.
    init(_ keyring: Keyring, _ options: ProvisionOptions, wraps: Bool = true) throws {
        let (baseKey, protectionKey) = (options.manifest.baseKey, options.manifest.protectionKey)
        let keyBlockVersion = options.header.keyBlockVersion
        let entries = keyring.entries
        self.entries = entries
        try Self.check(baseKey, for: .baseDerivation, in: keyring)
        try Self.check(protectionKey, for: .wrapping, in: keyring)
        let identities = Self.identities(entries)
        manifestKeys = ManifestKeys(
            baseKeys: entries.indices.map { Self.baseKey(entries[$0], identity: identities[$0]) },
            protectionKeys: entries.map { entry in
                ManifestKeys.ProtectionKey(
                    name: entry.name.description, refusal: Self.refusal(entry, for: .wrapping))
            },
            defaultBaseKey: entries.firstIndex { $0.name == baseKey },
            defaultProtectionKey: entries.firstIndex { $0.name == protectionKey },
            mayLackProtectionKey: !wraps,
            pairRefusal: { base, wrapping in
                Self.pairRefusal(entries[base], entries[wrapping], version: keyBlockVersion)
            })
        try checkDefaultPair(entries)
        try checkCheckValueOptions(options, baseKeys: Set([manifestKeys.defaultBaseKey].compactMap { $0 }))
    }

    /// Refuses check value options that do not suit the algorithms of these base keys.
    func checkCheckValueOptions(_ options: ProvisionOptions, baseKeys: Set<Int>) throws {
        for index in baseKeys.sorted() {
            let algorithm = entries[index].effectiveAlgorithm
            guard algorithm.isTDES || options.checkValueMethod != .legacy else {
                throw ProvisioningError.checkValueMethod(algorithm)
            }
            let method = options.checkValueMethod ?? .standard(for: algorithm)
            if let asked = options.checkValueByteCount, !method.permittedByteCounts.contains(asked) {
                throw ProvisioningError.checkValueLength(asked: asked, method)
            }
        }
    }

    private static func check(_ name: KeyName?, for role: KeyRole, in keyring: Keyring) throws {
        guard let name else { return }
        let entry = try keyring.entry(name)
        do throws(KeyRoleError) { try entry.check(role) } catch { throw FacilityError.role(error) }
    }

    /// A pair that the options name is refused before the manifest is read.
    private func checkDefaultPair(_ entries: [KeyringEntry]) throws {
        guard let base = manifestKeys.defaultBaseKey, let wrapping = manifestKeys.defaultProtectionKey,
            let refusal = manifestKeys.pairRefusal(base, wrapping)
        else { return }
        throw ProvisioningError.refused(refusal)
    }

    private static func baseKey(_ entry: KeyringEntry, identity: Int) -> ManifestKeys.BaseKey {
        ManifestKeys.BaseKey(
            name: entry.name.description, algorithm: entry.effectiveAlgorithm, identity: identity,
            keySet: keySet(entry), refusal: refusal(entry, for: .baseDerivation))
    }

    private static func refusal(_ entry: KeyringEntry, for role: KeyRole) -> String? {
        do {
            try entry.check(role)
            return nil
        } catch {
            return error.description
        }
    }

    /// Two names of one key have one identity, so that a serial number under both is found twice.
    private static func identities(_ entries: [KeyringEntry]) -> [Int] {
        var known: [KeyFingerprint: Int] = [:]
        return entries.indices.map { index in
            guard let fingerprint = entries[index].fingerprint else { return index }
            if let first = known[fingerprint] { return first }
            known[fingerprint] = index
            return index
        }
    }

    /// The digits that the BDK's BI block demands; the first two are its type.
    ///
    /// X9.143:2021 6.3.6.
    private static func keySet(_ entry: KeyringEntry) -> KeySetIdentifier? {
        guard let block = entry.header.optionalBlock(.baseDerivationKeyID) else { return nil }
        return KeySetIdentifier(block.data.dropFirst(2), family: DUKPTFamily(entry.effectiveAlgorithm))
    }

    private static func pairRefusal(
        _ base: KeyringEntry, _ wrapping: KeyringEntry, version: KeyBlockVersion?
    ) -> String? {
        if let version, version.isTDES != wrapping.algorithm.isTDES {
            return KeyBlockError.unsuitableProtectionKey(version: version, found: wrapping.algorithm).description
        }
        guard KeyStrength.permits(wrapping: base.effectiveAlgorithm, under: wrapping.effectiveAlgorithm) else {
            return KeyBlockError.weakerProtectionKey(
                wrapped: base.effectiveAlgorithm, under: wrapping.effectiveAlgorithm
            ).description
        }
        return nil
    }
}
