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
        try checkMayKeep(key)
        let entry = try makeEntry(key, new)
        try change { (keyring: inout Keyring) throws(FacilityError) in try keyring.add(entry) }
        return entry
    }

    /// Adds a key that is and stays in a token.
    ///
    /// - Parameters:
    ///   - effective: what counts for strength; only who has seen a three-key TDES key knows that K1 = K3.
    ///   - checkValue: as the token computed it, by the algorithm's own method.
    ///   - fingerprint: of a base derivation key, and needed for one.
    public func attach(
        _ new: NewKey, at location: TokenLocation, algorithm: KeyAlgorithm, effective: KeyAlgorithm,
        checkValue: CheckValue, fingerprint: KeyFingerprint?
    ) throws(FacilityError) -> KeyringEntry {
        guard (new.header.keyUsage == .baseDerivationKey) == (fingerprint != nil) else {
            throw .internalFault("a base derivation key without its fingerprint")
        }
        var header = new.header
        header.version = .d
        let entry = KeyringEntry(
            name: new.name, algorithm: algorithm, effectiveAlgorithm: effective, checkValue: checkValue.description,
            origin: new.origin, created: Timestamp.now, header: header, fingerprint: fingerprint,
            place: .token(location), keyBlock: nil)
        try change { (keyring: inout Keyring) throws(FacilityError) in try keyring.add(entry) }
        return entry
    }

    /// Changes what is remembered about a key, such as its tags; what `edit` throws leaves it as it was.
    public func annotate(
        _ name: KeyName, _ edit: (inout KeyAnnotations) throws(FacilityError) -> Void
    ) throws(FacilityError) -> KeyringEntry {
        var changed: KeyringEntry?
        try change { (keyring: inout Keyring) throws(FacilityError) in
            try keyring.annotate(name, edit)
            changed = try keyring.entry(name)
        }
        guard let changed else { throw .keyMissing(name) }
        return changed
    }

    /// Changes the settings.
    public func change(_ edit: (inout SiteSettings) -> Void) throws(FacilityError) -> Site {
        try rewrite { (_: SealedMasterKey, document: inout SiteDocument) in edit(&document.settings) }
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
        let folder = try Site.open(site.path)
        try FacilityError.converting { try folder.lock() }
        var keyring = try KeyringFile(in: folder).proved(by: masterKey)
        try body(&keyring)
        let bytes = try AuthenticatedDocument.encode(keyring.document, under: masterKey, for: .keyring)
        try FacilityError.converting { try folder.replace(Keyring.fileName, with: bytes) }
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
