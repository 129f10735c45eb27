import PaymentCrypto

extension UnlockedSite {
    /// Removes a key for ever, or the components that wait for one.
    ///
    /// A base derivation key from which devices have their keys is removed only once it is retired: whoever retires it
    /// says why, and nobody goes on with it by mistake.
    ///
    /// - Returns: the key that is gone, or nil for components.
    @discardableResult
    public func remove(_ name: KeyName, recording event: inout AuditEvent) throws(FacilityError) -> KeyringEntry? {
        var removed: KeyringEntry?
        try change(recording: &event) { (keyring: inout Keyring, event: inout AuditEvent) throws(FacilityError) in
            if keyring.waitingKey(name) == nil {
                let entry = try keyring.entry(name)
                if entry.mustBeRetiredFirst, try hasDerived(with: entry) { throw .policy(.usedKeyNotRetired(name)) }
                removed = entry
            }
            event.add(removed: removed)
            try keyring.remove(name)
        }
        return removed
    }

    /// Whether the audit log tells of anything that was derived from a base derivation key, or may have been.
    ///
    /// What was refused had not begun. A run that failed or was interrupted counts: the log does not tell how far it was.
    private func hasDerived(with entry: KeyringEntry) throws(FacilityError) -> Bool {
        try searchAuditLog { record in
            record.event.result != .refused
                && record.event.keys.contains {
                    $0.name == entry.name.description && $0.kcv == entry.checkValue && $0.role == Self.baseKeyRole
                }
        }
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
    fileprivate mutating func add(removed entry: KeyringEntry?) {
        guard let entry else { return add(fact: "removed", "the components that waited for the key") }
        add(entry)
        if let retirement = entry.annotations.retirement {
            add(fact: "retired", "\(retirement.date): \(retirement.reason)")
        }
    }
}
