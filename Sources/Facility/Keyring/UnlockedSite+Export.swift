public import PaymentCrypto

extension UnlockedSite {
    /// The key of an entry that is about to leave under another key.
    ///
    /// - Throws: what ``KeyringEntry/checkMayLeave()`` throws.
    public func exportableKey(_ entry: KeyringEntry) throws(FacilityError) -> SymmetricKey {
        try entry.checkMayLeave()
        return try open(entry)
    }
}

extension KeyringEntry {
    /// Refuses a key that is retired, stays in a token, or has exportability N.
    ///
    /// See ANSI X9.143:2021, 6.3.5, table 6; the initial keys of a base derivation key leave all the same.
    public func checkMayLeave() throws(FacilityError) {
        guard place == .keyring else { throw .keyInToken(name) }
        if let retirement = annotations.retirement {
            throw .role(.retired(name, retirement))
        }
        guard header.exportability != .none else {
            throw .role(KeyRoleError(name: name, expected: .exportable, found: header.exportability.description))
        }
    }
}
