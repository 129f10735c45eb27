import PaymentCrypto

extension UnlockedSite {
    /// Refuses whoever the site does not name as an operator, and nobody where it names some.
    public func check(operators: [OperatorName]) throws(FacilityError) {
        guard let permitted = site.settings.operators else { return }
        guard !operators.isEmpty else { throw .policy(.operatorMissing) }
        for name in operators where !permitted.contains(name) { throw .policy(.operatorUnknown(name)) }
    }

    /// Refuses a run with fewer than two operators where the site asks for two.
    ///
    /// See PCI PIN v3.1, requirement 13-9.2: two people in the room at all times.
    public func checkRun(operators: [OperatorName]) throws(FacilityError) {
        guard site.settings.twoOperators else { return }
        let count = Set(operators).count
        guard count > 1 else { throw .policy(.secondOperatorMissing(found: count)) }
    }

    /// Refuses to issue a serial number again on a production site unless two people say so.
    public func checkReissue(operators: [OperatorName]) throws(FacilityError) {
        let count = Set(operators).count
        guard site.environment == .test || count > 1 else { throw .policy(.secondOperatorForReissue(found: count)) }
    }

    /// Refuses a way out that the site does not allow.
    public func check(transport: KeyTransport) throws(FacilityError) {
        let allowed = site.settings.transports
        guard allowed.contains(transport) else { throw .policy(.transport(transport, allowed: allowed)) }
    }

    func checkSize(of entry: KeyringEntry) throws(FacilityError) {
        try checkSize(of: entry.name, entry.header, entry.effectiveAlgorithm)
    }

    /// Refuses a key that wraps other keys and is smaller than the site allows.
    ///
    /// What a base derivation key or a device's key must be is DUKPT's own matter: with TDES, a two-key one.
    func checkSize(of name: KeyName, _ header: KeyBlockHeader, _ effective: KeyAlgorithm) throws(FacilityError) {
        guard [.keyEncryption, .keyBlockProtection].contains(header.keyUsage) else { return }
        let (minimum, sizes) =
            effective.isTDES
            ? (site.settings.minimumTDES, SiteSettings.sizesTDES) : (site.settings.minimumAES, SiteSettings.sizesAES)
        guard let least = sizes.firstIndex(of: minimum), let found = sizes.firstIndex(of: effective), found < least
        else { return }
        throw .policy(.keyTooSmall(name, minimum: minimum, found: effective))
    }
}
