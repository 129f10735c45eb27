public import PaymentCrypto

/// A site whose custodians have opened it: its settings are proved to be genuine, and its keys can be used.
///
/// It has the master key, so it lives no longer than it must.
public struct UnlockedSite: ~Copyable, Sendable {
    /// What anybody can read of it, now known to be genuine.
    public let site: Site
    /// What a killed process had recorded and not done any more, and is done now.
    public let finished: [AuditRecord]
    let masterKey: MasterKey

    init(site: Site, masterKey: consuming MasterKey, finished: [AuditRecord] = []) {
        self.site = site
        self.masterKey = masterKey
        self.finished = finished
    }

    /// The keyring, proved to be genuine.
    public func keyring() throws(FacilityError) -> Keyring {
        try KeyringFile(in: try Site.open(site.path)).proved(by: masterKey)
    }

    /// A key for one role; refused where its header does not permit it.
    ///
    /// Provisioning on a production site asks ``checkMayProvision(with:)`` first.
    public func key(named name: KeyName, for role: KeyRole) throws(FacilityError) -> SymmetricKey {
        try key(try keyring().entry(name), for: role)
    }

    /// The key of an entry that `keyring()` gave, for one role; refused where its header does not permit it.
    ///
    /// Whoever has planned by an entry takes its key from it, too: by now the name may stand for another one.
    public func key(_ entry: KeyringEntry, for role: KeyRole) throws(FacilityError) -> SymmetricKey {
        try FacilityError.converting { try entry.check(role) }
        try checkSize(of: entry)
        return try open(entry)
    }

    func open(_ entry: KeyringEntry) throws(FacilityError) -> SymmetricKey {
        guard let keyBlock = entry.keyBlock else { throw .keyInToken(entry.name) }
        let protectionKey = try keyBlockProtectionKey()
        let key = try FacilityError.converting {
            // Lenient: a key that came in with an odd header was taken then, with a warning.
            let opened = try KeyBlock.open(keyBlock, under: protectionKey, strictness: .lenient)
            return try opened.takeKey()
        }
        guard site.environment == .test || !PublishedTestKeys.contains(key) else {
            throw .policy(.publishedTestKey)
        }
        return key
    }

    func keyBlockProtectionKey() throws(FacilityError) -> SymmetricKey {
        try FacilityError.converting { try masterKey.subkey(.keyBlocks) }
    }
}
