import Facility
import PaymentCrypto

/// The keys of a site as a manifest may name them: what their headers permit, and no key byte.
struct KeyDirectory: Sendable {
    let entries: [KeyringEntry]
    let manifestKeys: ManifestKeys
    /// Whose key signs, where the keys travel in tokens.
    let signer: RSAKeyEntry?
    /// Whether its tokens leave without the revocation list that their form has room for.
    let signerLacksRevocationList: Bool
    /// What the record says of the anchor, for transports that have one.
    let receivers: RunRecord.Receivers?

    /// Refuses what `--bdk` and `--kbpk` name where it cannot be used as such, or not together.
    ///
    /// - Parameters:
    ///   - receivers: the rules for the devices' certificates, for transports that have them.
    ///   - wraps: whether every row needs a wrapping key; a manifest can be checked before there is one.
    init(
        _ keyring: Keyring, _ options: ProvisionOptions, _ headers: HeaderPlans, receivers: ReceiverRules?,
        at time: Moment, wraps: Bool = true
    ) throws {
        self.receivers = try RunRecord.Receivers(options.transport, keyring)
        if case .tokens(let tokens, _) = options.transport {
            let entry = try tokens.entry(in: keyring, at: time)
            (signer, signerLacksRevocationList) = (entry, tokens.lacksRevocationList(entry))
        } else {
            (signer, signerLacksRevocationList) = (nil, false)
        }
        let (baseKey, protectionKey) = (options.manifest.baseKey, options.manifest.protectionKey)
        let entries = keyring.entries
        self.entries = entries
        try Self.check(baseKey, for: .baseDerivation, in: keyring)
        try Self.check(protectionKey, for: .wrapping, in: keyring)
        let identities = Self.identities(entries)
        manifestKeys = ManifestKeys(
            baseKeys: entries.indices.map {
                Self.baseKey(entries[$0], identity: identities[$0], isReceived: receivers != nil)
            },
            protectionKeys: entries.map { entry in
                ManifestKeys.ProtectionKey(
                    name: entry.name.description, refusal: Self.refusal(entry, for: .wrapping))
            },
            defaultBaseKey: entries.firstIndex { $0.name == baseKey },
            defaultProtectionKey: entries.firstIndex { $0.name == protectionKey },
            profiles: headers.manifestProfiles, defaultProfile: headers.standardIndex,
            needsProtectionKey: receivers == nil, receivers: receivers,
            mayLackProtectionKey: !wraps,
            pairRefusal: { base, wrapping, profile in
                // The options' own pair is refused as a whole, and only where a row uses it.
                if entries[base].name == baseKey, entries[wrapping].name == protectionKey,
                    profile == headers.standardIndex
                {
                    return nil
                }
                let version = headers[Int32(truncatingIfNeeded: profile)]?.keyBlockVersion
                return Self.pairRefusal(entries[base], entries[wrapping], version: version)
            })
        if let base = manifestKeys.defaultBaseKey {
            try Self.checkKeySet(entries[base])
            if receivers != nil, let refusal = Self.receiverRefusal(entries[base]) {
                throw ProvisioningError.refused(refusal)
            }
        }
        try checkCheckValueOptions(options, baseKeys: Set([manifestKeys.defaultBaseKey].compactMap { $0 }))
    }

    private static func checkKeySet(_ entry: KeyringEntry) throws {
        if let refusal = keySetRefusal(entry) { throw ProvisioningError.refused(refusal) }
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

    /// The key whose tokens leave without the revocation list that their form has room for.
    var signerWithoutRevocationList: KeyName? { signerLacksRevocationList ? signer?.name : nil }

    /// Before the manifest is read: refuses the options' own keys where policy does, and logs in to their tokens.
    func prepare(on site: borrowing UnlockedSite, tokens: any TokenKeys) throws {
        for index in [manifestKeys.defaultBaseKey, manifestKeys.defaultProtectionKey].compactMap(\.self) {
            try site.checkMayProvision(with: entries[index])
            try entries[index].prepare(tokens)
        }
        if let signer { try site.checkMayProvision(with: signer) }
    }

    private static func check(_ name: KeyName?, for role: KeyRole, in keyring: Keyring) throws {
        guard let name else { return }
        let entry = try keyring.entry(name)
        do throws(KeyRoleError) { try entry.check(role) } catch { throw FacilityError.role(error) }
    }

    /// Refuses keys that devices use together and may not, and a header that no receiver would take.
    ///
    /// The header is tried out with random keys of the same algorithms, before any key of the site is opened.
    func check(_ pairs: Set<KeyPair>, _ headers: HeaderPlans) throws {
        if let receivers = manifestKeys.receivers {
            guard receivers.carriesHeader else { return }
            for pair in pairs where pair.baseKey >= 0 { try tryOut(pair, headers) }
            return
        }
        for pair in pairs where entries.indices.contains(Int(pair.protectionKey)) {
            let (base, wrapping) = (entries[Int(pair.baseKey)], entries[Int(pair.protectionKey)])
            guard let header = headers[pair.profile] else { continue }
            if let refusal = Self.pairRefusal(base, wrapping, version: header.keyBlockVersion) {
                throw ProvisioningError.refused(refusal)
            }
            try Self.naming(headers.profile(pair.profile)) {
                try header.tryOut(for: base.effectiveAlgorithm, under: wrapping.algorithm)
            }
        }
    }

    private func tryOut(_ pair: KeyPair, _ headers: HeaderPlans) throws {
        guard let header = headers[pair.profile] else { return }
        try Self.naming(headers.profile(pair.profile)) {
            try header.tryOut(for: entries[Int(pair.baseKey)].effectiveAlgorithm)
        }
    }

    private static func naming(_ profile: KeyName?, _ body: () throws -> Void) throws {
        do { try body() } catch ProvisioningError.header(let reason) {
            throw ProvisioningError.header((profile.map { "header profile '\($0)': " } ?? "") + reason)
        }
    }

    /// Why a key's initial keys may travel to no RSA key that there is.
    private static func receiverRefusal(_ entry: KeyringEntry) -> String? {
        let algorithm = entry.effectiveAlgorithm
        guard !KeyStrength.permits(wrapping: algorithm, underRSA: 4096) else { return nil }
        return "key '\(entry.name)': an \(algorithm.reportName) key is not wrapped under a weaker RSA key"
    }

    private static func baseKey(
        _ entry: KeyringEntry, identity: Int, isReceived: Bool
    ) -> ManifestKeys.BaseKey {
        ManifestKeys.BaseKey(
            name: entry.name.description, algorithm: entry.effectiveAlgorithm, identity: identity,
            keySet: keySet(entry),
            refusal: refusal(entry, for: .baseDerivation) ?? keySetRefusal(entry)
                ?? (isReceived ? receiverRefusal(entry) : nil))
    }

    /// A BI block that cannot be read must not switch its own check off.
    static func keySetRefusal(_ entry: KeyringEntry) -> String? {
        guard let block = entry.header.optionalBlock(.baseDerivationKeyID), keySet(entry) == nil else { return nil }
        let isTDES = entry.effectiveAlgorithm.isTDES
        return
            "key '\(entry.name)': block BI: expected \(isTDES ? "00 and 10" : "01 and 8") digits, found '\(block.data)'"
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
    static func keySet(_ entry: KeyringEntry) -> KeySetIdentifier? {
        let family = DUKPTFamily(entry.effectiveAlgorithm)
        guard let block = entry.header.optionalBlock(.baseDerivationKeyID),
            (family == .tdes ? ["00"] : ["01", "11"]).contains(block.data.prefix(2))
        else { return nil }
        return KeySetIdentifier(block.data.dropFirst(2), family: family)
    }

    /// Why a key may not be wrapped under another one: the version, its cipher, where its keys are, and strength.
    static func pairRefusal(
        _ base: KeyringEntry, _ wrapping: KeyringEntry, version: KeyBlockVersion?
    ) -> String? {
        if let version, version.isTDES != wrapping.algorithm.isTDES {
            return KeyBlockError.unsuitableProtectionKey(version: version, found: wrapping.algorithm).description
        }
        if let version, let only = wrapping.onlyKeyBlockVersion, version != only {
            return
                "the derived keys of '\(wrapping.name)' in its token are for key blocks of version \(only), not \(version)"
        }
        guard KeyStrength.permits(wrapping: base.effectiveAlgorithm, under: wrapping.effectiveAlgorithm) else {
            return KeyBlockError.weakerProtectionKey(
                wrapped: base.effectiveAlgorithm, under: wrapping.effectiveAlgorithm
            ).description
        }
        return nil
    }
}
