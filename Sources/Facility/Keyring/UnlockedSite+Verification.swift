public import PaymentCrypto

/// Keys for a second look at what was made with them, which nothing leaves: a retired one may do that, too.
extension UnlockedSite {
    /// A base derivation key, to derive again what was derived from it.
    public func baseKeyForVerification(_ entry: KeyringEntry, tokens: any TokenKeys) throws -> BaseKeySource {
        try FacilityError.converting { try entry.checkHeader(for: .baseDerivation) }
        guard case .token(let location) = entry.place else {
            return BaseKeySource(try FacilityError.converting { try BaseDerivationKey(try open(entry)) })
        }
        return try tokens.baseKey(entry, at: location)
    }

    /// A key that wrapped key blocks, to open them again.
    ///
    /// Its mode of use may be one that only wraps: the keys in the key blocks are compared and not handed out.
    public func protectionForVerification(_ entry: KeyringEntry, tokens: any TokenKeys) throws -> KeyBlockProtection {
        try FacilityError.converting { try entry.checkHeader(for: .wrapping) }
        guard case .token(let location) = entry.place else { return KeyBlockProtection(try open(entry)) }
        return try tokens.protection(entry, at: location)
    }
}

extension KeyringEntry {
    /// Refuses a role that the key's header does not permit, whether the key is retired or not.
    fileprivate func checkHeader(for role: KeyRole) throws(KeyRoleError) {
        try role.check(header, effective: effectiveAlgorithm, named: name)
    }
}
