public import PaymentCrypto

extension UnlockedSite {
    /// What a new key is called, may do, and where it came from.
    public struct NewKey: Sendable {
        /// Its name.
        public var name: KeyName
        /// What it may do; the version is the keyring's own, whatever is given here.
        public var header: KeyBlockHeader
        /// Where it came from, in words.
        public var origin: String
        /// Who brought which component.
        public var custody: [CustodyRecord]

        /// The description of a new key.
        public init(name: KeyName, header: KeyBlockHeader, origin: String, custody: [CustodyRecord] = []) {
            self.name = name
            self.header = header
            self.origin = origin
            self.custody = custody
        }
    }

    /// Adds a key to the keyring; refused where the name is taken, or the key is weak or known to the world.
    public func add(_ key: borrowing SymmetricKey, as new: NewKey) throws(FacilityError) -> KeyringEntry {
        try FacilityError.converting { try add(key, as: new, keptBy: nil) }
    }

    /// Adds a key that the keyring keeps, or a token where one is given.
    ///
    /// - Parameter acceptance: the TR-34 token that brought the key: with the same change it is remembered, or refused
    ///   where it was seen before.
    /// - Throws: `FacilityError`, and what `token` throws; then the token has to forget the key again.
    public func add(
        _ key: borrowing SymmetricKey, as new: NewKey, keptBy token: (any TokenKeeper)?,
        accepting acceptance: TokenAcceptance? = nil
    ) throws -> KeyringEntry {
        try checkMayKeep(key)
        try checkSize(of: new.name, new.header, key.effectiveAlgorithm)
        var keyring = try keyring()
        try keyring.checkIsFree(new.name)
        // Known before a token has the key.
        if let acceptance { try keyring.accept(acceptance) }
        let entry = try makeEntry(key, new, keptBy: token)
        try change { (keyring: inout Keyring) throws(FacilityError) in
            if let acceptance { try keyring.accept(acceptance) }
            try keyring.add(entry)
        }
        return entry
    }

    /// Changes what is remembered about a key or a trust anchor; what `edit` throws leaves it as it was.
    ///
    /// - Returns: the keyring as it is now.
    @discardableResult
    public func annotate(
        _ name: KeyName, _ edit: (inout KeyAnnotations) throws(FacilityError) -> Void
    ) throws(FacilityError) -> Keyring {
        var changed = Keyring()
        try change { (keyring: inout Keyring) throws(FacilityError) in
            try keyring.annotate(name, edit)
            // Nobody is to rely on the certificate of a key that is out of use.
            if let key = keyring.rsaKeys.first(where: { $0.name == name && $0.annotations.retirement != nil }) {
                keyring.revokeCertificate(of: key, at: .now)
            }
            changed = keyring
        }
        return changed
    }

    /// Changes the settings; a default header profile must be there.
    public func change(_ edit: (inout SiteSettings) -> Void) throws(FacilityError) -> Site {
        try rewrite { (_: SealedMasterKey, document: inout SiteDocument) throws(FacilityError) in
            edit(&document.settings)
            guard let profile = document.settings.defaultProfile else { return }
            _ = try HeaderProfiles(document.headerProfiles ?? []).profile(profile)
        }
    }

    /// Says what the keys of the site are for; only while there is none.
    ///
    /// Test and production keys never share a site. See PCI PIN v3.1, requirement 19-4.
    public func change(_ environment: SiteEnvironment) throws(FacilityError) -> Site {
        try rewrite { (_: SealedMasterKey, document: inout SiteDocument) throws(FacilityError) in
            let keyring = try keyring()
            let count = keyring.entries.count + keyring.waiting.count + keyring.rsaKeys.count
            guard count == 0 || document.environment == environment else {
                throw .policy(.environmentOfKeys(count: count))
            }
            document.environment = environment
        }
    }

    /// Gives one custodian, counted from 1, another passphrase.
    ///
    /// It goes into the seals that are in force once the folder is locked, not those that this site was opened with:
    /// another process may have replaced another passphrase since, which must not come back to life.
    public func replacePassphrase(
        ofCustodian custodian: Int, by passphrase: borrowing Passphrase
    ) throws(FacilityError) {
        _ = try rewrite { (current: SealedMasterKey, document: inout SiteDocument) throws(FacilityError) in
            let sealed = try FacilityError.converting {
                try current.replacing(custodian: custodian, by: passphrase, masterKey: masterKey)
            }
            document.masterKey = SiteDocument.MasterKeyMember(sealed)
        }
    }

    /// Which custodian has the passphrase at `index` of `secrets`, counted from 1.
    public func custodian(ofSecret index: Int, in secrets: borrowing CustodianSecrets) throws(FacilityError) -> Int? {
        try FacilityError.converting {
            try site.sealedMasterKey.custodian(ofSecret: index, in: secrets, masterKey: masterKey)
        }
    }

    /// Refuses a key that is weak or known to the world, wherever it is to be kept.
    public func checkMayKeep(_ key: borrowing SymmetricKey) throws(FacilityError) {
        guard !key.isZero else { throw .policy(.zeroKey) }
        guard !key.isSingleDES else { throw .policy(.singleDES) }
        guard !key.hasWeakDESPart else { throw .policy(.weakDESPart) }
        guard site.environment == .test || !PublishedTestKeys.contains(key) else {
            throw .policy(.publishedTestKey)
        }
    }

    func makeEntry(_ key: borrowing SymmetricKey, _ new: NewKey) throws(FacilityError) -> KeyringEntry {
        var header = new.header
        header.version = .d
        let protectionKey = try keyBlockProtectionKey()
        let block = try FacilityError.converting {
            try KeyBlock.wrap(key, header: header, under: protectionKey)
        }
        let checkValue = try FacilityError.converting { try key.checkValue() }
        var fingerprint: KeyFingerprint?
        if header.keyUsage == .baseDerivationKey {
            fingerprint = try FacilityError.converting { try KeyFingerprint(key) }
        }
        var entry = KeyringEntry(
            name: new.name, algorithm: key.algorithm, effectiveAlgorithm: key.effectiveAlgorithm,
            checkValue: checkValue.description, origin: new.origin, created: Timestamp.now, header: header,
            fingerprint: fingerprint, place: .keyring, keyBlock: block)
        entry.custody = new.custody
        // Nothing is kept that does not open.
        guard try open(entry).isEqual(to: key) else { throw .internalFault("a new key block holds another key") }
        return entry
    }

    /// Reads, changes and writes the keyring while no other process can.
    func change(_ body: (inout Keyring) throws(FacilityError) -> Void) throws(FacilityError) {
        try FacilityError.converting { try changeKeyring(body) }
    }

    /// The same, for a change in which a token can fail, too.
    func changeKeyring(_ body: (inout Keyring) throws -> Void) throws {
        let folder = try Site.open(site.path)
        try FacilityError.converting { try folder.lock() }
        let current = try Site(folder)
        try current.prove(masterKey)
        // What is fit for a test site need not be fit for what became of it.
        guard current.environment == site.environment else { throw FacilityError.policy(.environmentChanged) }
        var keyring = try KeyringFile(in: folder).proved(by: masterKey)
        let over = try FacilityError.converting { try keyring.removeKeysOfOverExchanges(at: .now) }
        try body(&keyring)
        let bytes = try AuthenticatedDocument.encode(keyring.document, under: masterKey, for: .keyring)
        try FacilityError.converting { try folder.replace(Keyring.fileName, with: bytes) }
        overExchanges.note(over)
    }

    /// Reads, changes and writes the settings while no other process can.
    ///
    /// - Parameter body: gets the sealed master key as it is now, and may not use what was read before the lock.
    func rewrite(
        _ body: (SealedMasterKey, inout SiteDocument) throws(FacilityError) -> Void
    ) throws(FacilityError) -> Site {
        let folder = try Site.open(site.path)
        try FacilityError.converting { try folder.lock() }
        let current = try Site(folder)
        try current.prove(masterKey)
        var document = current.document
        try body(current.sealedMasterKey, &document)
        let bytes = try AuthenticatedDocument.encode(document, under: masterKey, for: .siteSettings)
        try FacilityError.converting { try folder.replace(SiteDocument.fileName, with: bytes) }
        return try Site(folder)
    }
}
