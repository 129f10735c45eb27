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

    /// Adds a key that the keyring keeps, or a token where one is given.
    ///
    /// Refused where the name is taken, or the key is weak or known to the world.
    ///
    /// - Parameters:
    ///   - acceptance: the TR-34 token that brought the key: with the same change it is remembered, or refused where it
    ///     was seen before.
    ///   - event: gets the key; it is in the audit log before the keyring has the key.
    /// - Throws: `FacilityError`, and what `token` throws; then the token has to forget the key again.
    public func add(
        _ key: borrowing SymmetricKey, as new: NewKey, keptBy token: (any TokenKeeper)? = nil,
        accepting acceptance: TokenAcceptance? = nil, recording event: inout AuditEvent
    ) throws -> KeyringEntry {
        try checkMayKeep(key)
        try checkSize(of: new.name, new.header, key.effectiveAlgorithm)
        var keyring = try keyring()
        try keyring.checkIsFree(new.name)
        // Known before a token has the key.
        if let acceptance { try keyring.accept(acceptance) }
        let undertaking = try begin(&event, with: token)
        let entry = try makeEntry(key, new, keptBy: token)
        event.add(entry)
        event.add(fact: "origin", new.origin)
        try change(recording: &event) { (keyring: inout Keyring, _) throws(FacilityError) in
            if let acceptance { try keyring.accept(acceptance) }
            try keyring.add(entry)
        }
        withExtendedLifetime(undertaking) {}
        return entry
    }

    /// What a token keeps is not taken back when the process is killed, so its beginning is recorded, too.
    func begin(_ event: inout AuditEvent, with token: (any TokenKeeper)?) throws(FacilityError) -> Undertaking? {
        guard token != nil else { return nil }
        var beginning = event
        beginning.action += Undertaking.actionEnd
        let undertaking = try begin(beginning)
        event.undertaking = undertaking.head
        return undertaking
    }

    /// Changes what is remembered about a key or a trust anchor; what `edit` throws leaves it as it was.
    ///
    /// - Parameter event: gets the key; it is in the audit log before the keyring changes, as with every change here.
    /// - Returns: the keyring as it is now.
    public func annotate(
        _ name: KeyName, recording event: inout AuditEvent,
        _ edit: (inout KeyAnnotations) throws(FacilityError) -> Void
    ) throws(FacilityError) -> Keyring {
        var changed = Keyring()
        try change(recording: &event) { (keyring: inout Keyring, event: inout AuditEvent) throws(FacilityError) in
            try keyring.annotate(name, edit)
            // Nobody is to rely on the certificate of a key that is out of use.
            if let key = keyring.rsaKeys.first(where: { $0.name == name && $0.annotations.retirement != nil }) {
                keyring.revokeCertificate(of: key, at: .now)
            }
            try event.add(name, from: keyring)
            changed = keyring
        }
        return changed
    }

    /// Changes the settings; a default header profile must be there.
    ///
    /// - Parameter edit: gets the event, too, to say what was changed.
    public func change(
        recording event: inout AuditEvent, _ edit: (inout SiteSettings, inout AuditEvent) -> Void
    ) throws(FacilityError) -> Site {
        try rewrite(recording: &event) { (_, document: inout SiteDocument, event: inout AuditEvent) throws(FacilityError) in
            edit(&document.settings, &event)
            guard let profile = document.settings.defaultProfile else { return }
            _ = try HeaderProfiles(document.headerProfiles ?? []).profile(profile)
        }
    }

    /// Says what the keys of the site are for; only while there is none.
    ///
    /// Test and production keys never share a site. See PCI PIN v3.1, requirement 19-4.
    public func change(
        _ environment: SiteEnvironment, recording event: inout AuditEvent
    ) throws(FacilityError) -> Site {
        try rewrite(recording: &event) { (_, document: inout SiteDocument, _) throws(FacilityError) in
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
        ofCustodian custodian: Int, by passphrase: borrowing Passphrase, recording event: inout AuditEvent
    ) throws(FacilityError) {
        _ = try rewrite(recording: &event) { (current, document: inout SiteDocument, _) throws(FacilityError) in
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
}
