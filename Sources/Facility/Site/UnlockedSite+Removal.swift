import PaymentCrypto

extension UnlockedSite {
    /// Removes a key for ever, a trust anchor, or the components that wait for a key.
    ///
    /// A base derivation key from which devices have their keys is removed only once it is retired: whoever retires it
    /// says why, and nobody goes on with it by mistake.
    ///
    /// - Returns: the TDES or AES key that is gone, or nil for anything else.
    @discardableResult
    public func remove(_ name: KeyName) throws(FacilityError) -> KeyringEntry? {
        var removed: KeyringEntry?
        try change { (keyring: inout Keyring) throws(FacilityError) in
            if let key = keyring.rsaKeys.first(where: { $0.name == name }) {
                keyring.revokeCertificate(of: key, at: .now)
            } else if keyring.waitingKey(name) == nil, keyring.kind(of: name) != .anchor {
                let entry = try keyring.entry(name)
                if entry.mustBeRetiredFirst, try hasDerived(with: entry) { throw .policy(.usedKeyNotRetired(name)) }
                removed = entry
            }
            try keyring.remove(name)
        }
        return removed
    }

    /// Whether the audit log tells of anything that was derived from a base derivation key, or may have been.
    ///
    /// What was refused had not begun. A run that failed or was interrupted counts: the log does not tell how far it was.
    private func hasDerived(with entry: KeyringEntry) throws(FacilityError) -> Bool {
        try hasAuditEvent { event in
            event.result != .refused
                && event.keys.contains {
                    $0.name == entry.name.description && $0.kcv == entry.checkValue && $0.role == Self.baseKeyRole
                }
        }
    }

    /// What a base derivation key is touched as by whatever derives from it.
    public static let baseKeyRole = "bdk"

    private func hasAuditEvent(_ matches: (AuditEvent) -> Bool) throws(FacilityError) -> Bool {
        guard let log = try openLog(for: .reading) else { return false }
        let damage = FacilityError.damaged(
            file: log.path, reason: "a line of it was not written under this site's master key")
        let key = try auditKey()
        do {
            var lines = try AuditLines(log)
            while let line = try lines.next() {
                guard try AuditLine.isGenuine(line.bytes, under: key) == true, let parsed = AuditLine(line.bytes) else {
                    // What a crash left of a line; a whole one that has only lost its end counts.
                    guard line.isEnded else { continue }
                    throw damage
                }
                if matches(parsed.event) { return true }
            }
            return false
        } catch let failure as FileFailure {
            throw .file(failure)
        } catch let error as FacilityError {
            throw error
        } catch {
            throw .internalFault("\(error)")
        }
    }
}

extension KeyringEntry {
    fileprivate var mustBeRetiredFirst: Bool {
        header.keyUsage == .baseDerivationKey && annotations.retirement == nil
    }
}
