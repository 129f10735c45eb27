import Facility
import PaymentCrypto

/// Serial numbers of a manifest that earlier runs have.
struct IssuedNumbers: Sendable {
    private let conflicts: LedgerConflicts
    /// By the identity of the base derivation key.
    private let fingerprints: [KeyFingerprint?]
    private let numbers: [SerialNumberSet?]

    /// Nil where there are none.
    init?(_ conflicts: LedgerConflicts, fingerprints: [KeyFingerprint?]) {
        guard !conflicts.isEmpty else { return nil }
        (self.conflicts, self.fingerprints) = (conflicts, fingerprints)
        numbers = fingerprints.map { $0.flatMap { conflicts.numbers[$0] } }
    }

    /// The first of consecutive serial numbers that an earlier run has, and what is wrong with that.
    func fault(from initial: InitialKeySerialNumber, count: Int, identity: Int) -> (message: String, hint: String)? {
        guard numbers.indices.contains(identity), let fingerprint = fingerprints[identity],
            let found = numbers[identity]?.first(from: initial, count: count),
            let part = conflicts.part(having: found, under: fingerprint)
        else { return nil }
        return (
            "expected a number that no run has, found initial key serial number \(found) of \(Self.describe(part))",
            Self.hint(part)
        )
    }

    private static func describe(_ part: LedgerConflicts.Part) -> String {
        switch part.state {
        case .reserved: "run \(part.run), which is not finished"
        case .issued, .released: "run \(part.run), which has issued it"
        case .retired: "run \(part.run), which was voided after it had issued it"
        }
    }

    private static func hint(_ part: LedgerConflicts.Part) -> String {
        switch part.state {
        case .reserved:
            "wait for that run, or give its numbers back with 'ipek ledger void \(part.run) --reason REASON'"
        case .issued, .released: "give the device another number; 'ipek ledger show \(part.run)' tells of that run"
        case .retired: "give the device another number: this one is retired for ever"
        }
    }
}

/// What a manifest's serial numbers are compared with.
struct LedgerSearch: Sendable {
    let site: Site
    /// By the identity of the base derivation key; nil for keys of other roles.
    let fingerprints: [KeyFingerprint?]
    /// A run that was interrupted and has its numbers already.
    var resumed: RunIdentifier?

    /// The numbers that runs want, as the ledger wants to be asked.
    func claims(_ numbers: ManifestNumbers) throws -> [LedgerClaim] {
        var claims: [LedgerClaim] = []
        try numbers.forEach { identity, set in
            guard fingerprints.indices.contains(identity), let fingerprint = fingerprints[identity] else {
                throw FacilityError.internalFault("a base derivation key without its fingerprint")
            }
            claims.append(LedgerClaim(baseKey: fingerprint, numbers: set))
        }
        return claims
    }

    /// What earlier runs have of these numbers; nil where it is nothing.
    func issued(_ numbers: ManifestNumbers) throws -> IssuedNumbers? {
        guard let ledger = try Ledger.open(site) else { return nil }
        return IssuedNumbers(
            try ledger.conflicts(try claims(numbers), of: resumed, telling: 0), fingerprints: fingerprints)
    }
}
