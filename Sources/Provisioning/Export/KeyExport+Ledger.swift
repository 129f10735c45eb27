public import Facility
import PaymentCrypto

/// One device's initial key counts like those of a run.
extension KeyExport {
    /// Refuses a serial number that was issued before; to be asked before the key is made.
    ///
    /// - Parameter again: why it is issued again, where it is.
    public func checkLedger(of site: Site, again: String?) throws {
        guard again == nil, let claim = try claim(again: nil), let ledger = try Ledger.open(site) else { return }
        try refuse(try ledger.conflicts([claim], telling: 1))
    }

    /// Notes the serial number as issued; to be called when the key is made, before it is shown.
    ///
    /// - Returns: by what the ledger knows the export; nil for a key of the keyring, which has no serial number.
    public func register(
        operators: [OperatorName], again: String?, in site: borrowing UnlockedSite
    ) throws -> RunIdentifier? {
        guard let claim = try claim(again: again) else { return nil }
        let now = KeyBlockTime.now
        guard let identifier = RunIdentifier(RunRecord.newID(now)) else {
            throw FacilityError.internalFault("an export without a name")
        }
        var start = LedgerRun.Start(identifier: identifier, kind: .export, started: now.recordText)
        (start.operators, start.again, start.auditHead) = (operators, again, try site.auditHead())
        start.keys = [LedgerRun.Key(entry, as: .baseDerivation)]
        if case .keyBlock(let wrapping) = carrier { start.keys.append(LedgerRun.Key(wrapping, as: .protection)) }
        let completion = LedgerRun.Completion(ended: now.recordText, issued: 1)
        if case .refused(let conflicts) = try Ledger.openOrMake(site.site).export(start, claim, completion) {
            try refuse(conflicts)
        }
        return identifier
    }

    private func claim(again: String?) throws -> LedgerClaim? {
        guard let serialNumber else { return nil }
        guard let fingerprint = entry.fingerprint else {
            throw FacilityError.internalFault("a base derivation key without its fingerprint")
        }
        let numbers = SerialNumberSet(family: serialNumber.family, [serialNumber])
        return LedgerClaim(baseKey: fingerprint, numbers: numbers, reissued: again == nil ? nil : numbers)
    }

    private func refuse(_ conflicts: LedgerConflicts) throws {
        guard let first = conflicts.first.first else { return }
        throw ProvisioningError.issuedBefore(first.number, by: first.run, first.state)
    }
}
