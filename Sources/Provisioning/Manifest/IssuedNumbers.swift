import Facility
import PaymentCrypto

/// Serial numbers of a manifest that earlier runs have.
struct IssuedNumbers: Sendable {
    private let conflicts: LedgerConflicts
    /// By the identity of the base derivation key.
    private let fingerprints: [KeyFingerprint?]
    private let numbers: [SerialNumberSet?]
    /// Nil where nothing is issued again.
    private let reissue: Reissue?

    /// What is wrong with a number.
    struct Fault {
        let message: String
        let hint: String
    }

    /// Nil where there are none.
    init?(_ conflicts: LedgerConflicts, fingerprints: [KeyFingerprint?], reissue: Reissue? = nil) {
        guard !conflicts.isEmpty else { return nil }
        (self.conflicts, self.fingerprints, self.reissue) = (conflicts, fingerprints, reissue)
        numbers = fingerprints.map { $0.flatMap { conflicts.numbers[$0] } }
    }

    /// Those of a set that earlier runs have.
    func intersection(_ set: SerialNumberSet, identity: Int) -> SerialNumberSet? {
        numbers.indices.contains(identity) ? numbers[identity].map(set.intersection) : nil
    }

    /// What is wrong with the first of consecutive serial numbers that an earlier run has and this one may not have.
    ///
    /// - Parameters:
    ///   - line: of the row, by which its verdict is known in the chunks that it goes on in.
    ///   - device: the device_id of the number so many places after the first one.
    func fault(
        from initial: InitialKeySerialNumber, count: Int, identity: Int, line: Int, device: (Int) -> String?
    ) -> Fault? {
        guard numbers.indices.contains(identity), let fingerprint = fingerprints[identity],
            let taken = numbers[identity]
        else { return nil }
        guard let reissue else {
            return taken.first(from: initial, count: count).flatMap { found in
                conflicts.part(having: found, under: fingerprint).map { Self.fault(found, $0) }
            }
        }
        return reissue.judge(.init(first: initial, count: count, identity: identity, line: line)) { turn in
            refusal(turn, from: initial, count: count, taken, fingerprint, device)
        }
    }

    /// What is wrong with the first number that may not be issued again.
    private func refusal(
        _ turn: Reissue.Turn, from initial: InitialKeySerialNumber, count: Int, _ taken: SerialNumberSet,
        _ fingerprint: KeyFingerprint, _ device: (Int) -> String?
    ) -> Fault? {
        var offset = 0
        while let start = initial.advanced(by: UInt64(offset)),
            let found = taken.first(from: start, count: count - offset),
            let part = conflicts.part(having: found, under: fingerprint)
        {
            let step = Int((found.leading - start.leading) >> (initial.family == .tdes ? 5 : 0))
            guard part.state == .issued else { return Self.fault(found, part) }
            let refusal = turn.refusal(found, under: fingerprint, to: device(offset + step))
            if let refusal { return Self.fault(found, part, refusal) }
            offset += step + 1
        }
        return nil
    }

    private static func fault(_ number: InitialKeySerialNumber, _ part: LedgerConflicts.Part) -> Fault {
        Fault(
            message: "expected a number that no run has, found initial key serial number \(number) of run"
                + " \(part.run), \(part.state.words)",
            hint: part.state.hint(part.run))
    }

    private static func fault(
        _ number: InitialKeySerialNumber, _ part: LedgerConflicts.Part, _ refusal: String
    ) -> Fault {
        Fault(
            message: "expected a number that this device has, found initial key serial number \(number) of run"
                + " \(part.run): \(refusal)",
            hint: "--again issues a number again to the device that has it, and to no other")
    }
}

extension LedgerRun.State {
    /// What became of the run that has a number.
    var words: String {
        switch self {
        case .reserved: "which is not finished"
        case .issued: "which has issued it"
        case .released: "which has given it back"
        case .retired: "which was voided after it had issued it"
        }
    }

    /// What to do where a run has a number.
    func hint(_ run: RunIdentifier) -> String {
        switch self {
        case .reserved: "wait for that run, or give its numbers back with 'ipek ledger void \(run) --reason REASON'"
        case .issued, .released:
            "'ipek ledger show \(run)' tells of that run; give the device another number, or issue this one again to"
                + " the same device with --again REASON"
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
    /// Whether numbers may be issued again, to the devices that have them.
    var reissues = false

    /// The numbers that a run wants, as the ledger wants to be asked; `issued` are those to be issued again.
    func claims(_ numbers: ManifestNumbers, reissuing issued: IssuedNumbers? = nil) throws -> [LedgerClaim] {
        var claims: [LedgerClaim] = []
        try numbers.forEach { identity, set in
            guard fingerprints.indices.contains(identity), let fingerprint = fingerprints[identity] else {
                throw FacilityError.internalFault("a base derivation key without its fingerprint")
            }
            claims.append(
                LedgerClaim(
                    baseKey: fingerprint, numbers: set, reissued: issued?.intersection(set, identity: identity)))
        }
        return claims
    }

    /// What earlier runs have of these numbers; nil where it is nothing.
    func issued(_ numbers: ManifestNumbers) throws -> IssuedNumbers? {
        guard let ledger = try Ledger.openCurrent(site) else { return nil }
        let conflicts = try ledger.conflicts(try claims(numbers), of: resumed, telling: 0)
        let reissue = reissues ? Reissue(try ReissueCheck(conflicts.runs, ledger, in: site)) : nil
        return IssuedNumbers(conflicts, fingerprints: fingerprints, reissue: reissue)
    }
}
