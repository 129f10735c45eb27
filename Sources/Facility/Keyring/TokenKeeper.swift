public import PaymentCrypto

/// A token that a new key is put into; the executable brings it, since this module has no tokens.
public protocol TokenKeeper {
    /// Puts the key, and the objects that a key with this header needs, into the token.
    func store(_ key: borrowing SymmetricKey, header: KeyBlockHeader) throws -> TokenLocation
}

extension UnlockedSite {
    /// Adds a key that is and stays in a token.
    ///
    /// - Parameters:
    ///   - checkValue: as the token computed it, by the algorithm's own method.
    ///   - fingerprint: of a base derivation key, and needed for one.
    public func attach(
        _ new: NewKey, at location: TokenLocation, algorithm: KeyAlgorithm, checkValue: CheckValue,
        fingerprint: KeyFingerprint?, recording event: inout AuditEvent
    ) throws(FacilityError) -> KeyringEntry {
        guard (new.header.keyUsage == .baseDerivationKey) == (fingerprint != nil) else {
            throw .internalFault("a base derivation key without its fingerprint")
        }
        try checkSize(of: new.name, new.header, algorithm)
        var header = new.header
        header.version = .d
        let entry = KeyringEntry(
            name: new.name, algorithm: algorithm, effectiveAlgorithm: algorithm, checkValue: checkValue.description,
            origin: new.origin, created: Timestamp.now, header: header, fingerprint: fingerprint,
            place: .token(location), keyBlock: nil)
        event.add(entry)
        try change(recording: &event) { (keyring: inout Keyring, _) throws(FacilityError) in try keyring.add(entry) }
        return entry
    }

    /// The entry of a key that the keyring keeps, or a token where one is given.
    func makeEntry(
        _ key: borrowing SymmetricKey, _ new: NewKey, keptBy token: (any TokenKeeper)?
    ) throws -> KeyringEntry {
        guard let token else { return try makeEntry(key, new) }
        var header = new.header
        header.version = .d
        let isBase = header.keyUsage == .baseDerivationKey
        var entry = KeyringEntry(
            name: new.name, algorithm: key.algorithm, effectiveAlgorithm: key.effectiveAlgorithm,
            checkValue: try key.checkValue().description, origin: new.origin, created: Timestamp.now, header: header,
            fingerprint: isBase ? try KeyFingerprint(key) : nil,
            place: .token(try token.store(key, header: header)), keyBlock: nil)
        entry.custody = new.custody
        return entry
    }
}
