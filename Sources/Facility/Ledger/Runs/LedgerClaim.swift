public import PaymentCrypto

/// The serial numbers that a run wants under one base derivation key.
public struct LedgerClaim: Sendable {
    /// The base derivation key, whatever its name.
    public let baseKey: KeyFingerprint
    /// Numbers that nobody may have.
    public let numbers: SerialNumberSet
    /// Numbers that were issued and are issued again to the same device, which ``ReissueCheck`` tells.
    public let reissued: SerialNumberSet

    /// A claim on numbers; what is in `reissued` is issued again.
    public init(baseKey: KeyFingerprint, numbers: SerialNumberSet, reissued: SerialNumberSet? = nil) {
        self.baseKey = baseKey
        let reissued = reissued ?? SerialNumberSet(family: numbers.family, numbers: NumberSet())
        self.reissued = reissued
        self.numbers = numbers.subtracting(reissued)
    }
}

/// A serial number that another run has.
public struct LedgerConflict: Equatable, Sendable {
    /// The base derivation key.
    public let baseKey: KeyFingerprint
    /// The number.
    public let number: InitialKeySerialNumber
    /// The earliest run that has it.
    public let run: RunIdentifier
    /// What became of that run.
    public let state: LedgerRun.State
}

/// All serial numbers of a claim that others have.
public struct LedgerConflicts: Sendable {
    /// What one run has of one claim.
    public struct Part: Sendable, Equatable {
        /// The run.
        public let run: RunIdentifier
        /// What became of that run.
        public let state: LedgerRun.State
        /// The base derivation key.
        public let baseKey: KeyFingerprint
        /// The numbers.
        public let numbers: SerialNumberSet
    }

    /// Who has what, the earliest run first; a number that was issued again is in several.
    public internal(set) var parts: [Part] = []
    /// All of them, per base derivation key.
    public internal(set) var numbers: [KeyFingerprint: SerialNumberSet] = [:]
    /// The first ones, in the order of the claims and of the number line.
    public internal(set) var first: [LedgerConflict] = []
    /// Every run that has one, the earliest first.
    public var runs: [RunIdentifier] {
        parts.map(\.run).reduce(into: []) { runs, run in if runs.last != run { runs.append(run) } }
    }

    /// Whether there is none.
    public var isEmpty: Bool { numbers.isEmpty }

    /// How many numbers others have.
    public var count: Int { numbers.values.reduce(0) { $0 &+ $1.count } }

    /// What a run has that has a number; nil where nobody has it.
    ///
    /// Of several it is one that is not finished or was retired, since nobody gets the number from that one; else the
    /// earliest.
    public func part(having number: InitialKeySerialNumber, under baseKey: KeyFingerprint) -> Part? {
        func isHere(_ part: Part) -> Bool { part.baseKey == baseKey && part.numbers.contains(number) }
        return parts.first { $0.state != .issued && isHere($0) } ?? parts.first(where: isHere)
    }

    /// The earliest run that has a number; nil where nobody has it.
    public func run(having number: InitialKeySerialNumber, under baseKey: KeyFingerprint) -> RunIdentifier? {
        part(having: number, under: baseKey)?.run
    }
}

/// What came of a reservation.
public enum LedgerReservation: Sendable {
    /// All numbers are the run's.
    case reserved(LedgerHead)
    /// Nothing was reserved, since others have some of the numbers.
    case refused(LedgerConflicts)
}
