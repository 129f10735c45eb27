public import PaymentCrypto

extension UnlockedSite {
    /// What a new RSA key is called, is for, and where it came from.
    public struct NewRSAKey: Sendable {
        /// Its name.
        public var name: KeyName
        /// Signing or receiving.
        public var usage: RSAKeyUsage
        /// Where it came from, in words.
        public var origin: String

        /// The description of a new key.
        public init(name: KeyName, usage: RSAKeyUsage, origin: String) {
            self.name = name
            self.usage = usage
            self.origin = origin
        }
    }

    /// Makes an RSA key pair; the private half stays in the keyring for good.
    ///
    /// - Parameter event: gets the key; it is in the audit log before the keyring has the key.
    public func generate(
        _ size: RSAKeySize, as new: NewRSAKey, recording event: inout AuditEvent
    ) throws(FacilityError) -> RSAKeyEntry {
        try keyring().checkIsFree(new.name)
        let entry = try makeEntry(size, new)
        event.add(entry)
        try change(recording: &event) { (keyring: inout Keyring, _) throws(FacilityError) in try keyring.add(entry) }
        return entry
    }

    /// Adds a key whose private half is and stays in a token.
    public func attach(
        _ new: NewRSAKey, _ publicKey: RSAPublicKey, at uri: String, recording event: inout AuditEvent
    ) throws(FacilityError) -> RSAKeyEntry {
        guard let size = RSAKeySize(bitCount: publicKey.bitCount) else {
            throw .internalFault("an RSA key of \(publicKey.bitCount) bits")
        }
        try checkSize(of: new.name, size)
        let entry = RSAKeyEntry(
            name: new.name, size: size, usage: new.usage, publicKey: publicKey, origin: new.origin,
            created: Timestamp.now, place: .token(uri), keyBlock: nil)
        event.add(entry)
        try change(recording: &event) { (keyring: inout Keyring, _) throws(FacilityError) in
            // A key for two purposes would let a signature stand for a decryption.
            if let other = keyring.rsaKeys.first(where: { $0.publicKey == publicKey }) {
                throw .publicKeyExists(as: other.name)
            }
            try keyring.add(entry)
        }
        return entry
    }

    /// A key that signs, wherever it is; refused where it is for something else, retired, or its exchange is over.
    ///
    /// - Throws: `FacilityError`, and what `tokens` throws.
    public func signingKey(_ entry: RSAKeyEntry, tokens: any TokenKeys) throws -> SigningKey {
        try FacilityError.converting { try entry.check(.sign) }
        try checkSize(of: entry.name, entry.size)
        return try anySigningKey(entry, tokens: tokens)
    }

    /// A key that receives; refused where it is for something else, retired, or its exchange is over.
    public func decryptionKey(_ entry: RSAKeyEntry) throws(FacilityError) -> DecryptionKey {
        try entry.check(.keyTransport)
        try checkSize(of: entry.name, entry.size)
        return DecryptionKey(try open(entry))
    }

    /// Refuses an RSA key from the keyring on a production site that was not set to allow it.
    public func checkMayProvision(with entry: RSAKeyEntry) throws(FacilityError) {
        guard entry.place == .keyring, site.environment == .production, !site.settings.allowSoftwareKeys else {
            return
        }
        throw .policy(.softwareKeys)
    }

    func anySigningKey(_ entry: RSAKeyEntry, tokens: any TokenKeys) throws -> SigningKey {
        guard case .token(let uri) = entry.place else { return SigningKey(try open(entry)) }
        return try tokens.signingKey(entry, at: uri)
    }
}

extension UnlockedSite {
    func makeEntry(
        _ size: RSAKeySize, _ new: NewRSAKey, exchange: Exchange? = nil
    ) throws(FacilityError) -> RSAKeyEntry {
        try checkSize(of: new.name, size)
        let (block, publicKey) = try makeKeyBlock(size, new.usage.header)
        var entry = RSAKeyEntry(
            name: new.name, size: size, usage: new.usage, publicKey: publicKey, origin: new.origin,
            created: Timestamp.now, place: .keyring, keyBlock: block)
        entry.exchange = exchange
        // Nothing is kept that does not open.
        _ = try open(entry)
        return entry
    }

    func makeKeyBlock(
        _ size: RSAKeySize, _ header: KeyBlockHeader
    ) throws(FacilityError) -> (block: String, publicKey: RSAPublicKey) {
        try FacilityError.converting {
            let key = try RSAPrivateKey.generate(size)
            let protection = KeyBlockProtection(try keyBlockProtectionKey())
            return (try KeyBlock.wrap(key, header: header, under: protection), key.publicKey)
        }
    }

    private func open(_ entry: RSAKeyEntry) throws(FacilityError) -> RSAPrivateKey {
        guard let keyBlock = entry.keyBlock else {
            throw entry.place == .removed ? .privateKeyRemoved(entry.name) : .keyInToken(entry.name)
        }
        return try openPrivateKey(keyBlock, of: entry.publicKey)
    }

    func openPrivateKey(_ keyBlock: String, of publicKey: RSAPublicKey) throws(FacilityError) -> RSAPrivateKey {
        let protectionKey = try keyBlockProtectionKey()
        let key = try FacilityError.converting {
            try KeyBlock.open(keyBlock, under: protectionKey, strictness: .lenient).takePrivateKey()
        }
        guard key.publicKey == publicKey else {
            throw .damaged(
                file: "\(site.path)/\(Keyring.fileName)", reason: "a private key does not belong to its public key")
        }
        return key
    }

    /// Refuses an RSA key that is smaller than the site allows.
    public func checkSize(of name: KeyName, _ size: RSAKeySize) throws(FacilityError) {
        let minimum = site.settings.minimumRSA
        guard size.bitCount < minimum.bitCount else { return }
        throw .policy(.rsaKeyTooSmall(name, minimum: minimum, found: size))
    }
}
