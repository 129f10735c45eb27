import PaymentCrypto

extension UnlockedSite {
    /// Removes a key for ever, a trust anchor, or the components that wait for a key.
    ///
    /// A base derivation key from which devices have their keys is removed only once it is retired: whoever retires it
    /// says why, and nobody goes on with it by mistake.
    ///
    /// - Returns: what is gone, or nil for components.
    @discardableResult
    public func remove(_ name: KeyName, recording event: inout AuditEvent) throws(FacilityError) -> Keyring.Kind? {
        var removed: Keyring.Kind?
        try change(recording: &event) { (keyring: inout Keyring, event: inout AuditEvent) throws(FacilityError) in
            removed = keyring.kind(of: name)
            if removed == .symmetric {
                let entry = try keyring.entry(name)
                if entry.mustBeRetiredFirst, try hasDerived(with: entry) { throw .policy(.usedKeyNotRetired(name)) }
            }
            if let key = keyring.rsaKeys.first(where: { $0.name == name }) {
                keyring.revokeCertificate(of: key, at: .now)
            }
            try event.add(removed: name, from: keyring)
            try keyring.remove(name)
        }
        return removed
    }

    /// Whether some device may have a key that was derived from a base derivation key, whatever its name was then.
    private func hasDerived(with entry: KeyringEntry) throws(FacilityError) -> Bool {
        guard let fingerprint = entry.fingerprint, let ledger = try Ledger.open(site) else { return false }
        return try ledger.hasIssued(fingerprint)
    }

    /// What a base derivation key is touched as by whatever derives from it.
    public static let baseKeyRole = "bdk"
}

extension KeyringEntry {
    fileprivate var mustBeRetiredFirst: Bool {
        header.keyUsage == .baseDerivationKey && annotations.retirement == nil
    }
}

extension AuditEvent {
    fileprivate mutating func add(removed name: KeyName, from keyring: Keyring) throws(FacilityError) {
        try add(name, from: keyring)
        guard let kind = keyring.kind(of: name) else {
            return add(fact: "removed", "the components that waited for the key")
        }
        let retirement =
            switch kind {
            case .symmetric: try keyring.entry(name).annotations.retirement
            case .rsa: try keyring.rsaKey(name).annotations.retirement
            case .anchor: try keyring.anchor(name).annotations.retirement
            }
        if let retirement { add(fact: "retired", "\(retirement.date): \(retirement.reason)") }
    }
}
