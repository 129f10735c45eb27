import GRDB
public import PaymentCrypto

/// A serial number's place in a run.
public struct LedgerIssue: Equatable, Sendable {
    /// The base derivation key.
    public let baseKey: KeyFingerprint
    /// The run.
    public let run: RunIdentifier
    /// What became of the run.
    public let state: LedgerRun.State
    /// Whether the number had been issued before, to the same device.
    public let isReissued: Bool
}

/// Some serial numbers of a run.
public struct LedgerRange: Hashable, Sendable {
    /// The base derivation key.
    public let baseKey: KeyFingerprint
    /// The numbers.
    public let range: SerialNumberRange
    /// Whether they had been issued before, to the same devices.
    public let isReissued: Bool
}

/// What the ledger tells; none of it takes a passphrase.
extension Ledger {
    /// Every run, the earliest first.
    public func runs() throws(FacilityError) -> [LedgerRun] {
        try read { database, path in
            try Row.fetchAll(database, sql: "SELECT id FROM run ORDER BY id").map {
                try LedgerRuns.read(row: try $0.integer(0, path), database, path)
            }
        }
    }

    /// Every run that has numbers under this base derivation key, the earliest first.
    public func runs(under baseKey: KeyFingerprint) throws(FacilityError) -> [LedgerRun] {
        try read { database, path in
            guard let key = try LedgerBaseKey.find(baseKey, database, path) else { return [] }
            return try Row.fetchAll(
                database, sql: "SELECT DISTINCT run FROM serial_numbers WHERE base_key = ? ORDER BY run",
                arguments: [key.row]
            ).map { try LedgerRuns.read(row: try $0.integer(0, path), database, path) }
        }
    }

    /// One run.
    public func run(_ identifier: RunIdentifier) throws(FacilityError) -> LedgerRun {
        try read { database, path in
            guard let row = try LedgerRuns.row(identifier, database, path) else {
                throw LedgerError.runMissing(identifier)
            }
            return try LedgerRuns.read(row: row, database, path)
        }
    }

    /// What became of a run; nil where there is none.
    public func state(of identifier: RunIdentifier) throws(FacilityError) -> LedgerRun.State? {
        try read { database, path in
            try LedgerRuns.row(identifier, database, path).map {
                try LedgerRuns.name(ofRow: $0, database, path).state
            }
        }
    }

    /// Gives all numbers of a run range by range, per base derivation key in ascending order.
    public func forEachRange(of run: RunIdentifier, _ body: (LedgerRange) throws -> Void) throws {
        try read { database, path in
            guard let row = try LedgerRuns.row(run, database, path) else { throw LedgerError.runMissing(run) }
            for key in try LedgerBaseKey.all(database, path) {
                let rows = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT \(SerialNumberRow.columns) FROM serial_numbers s
                        WHERE s.run = ? AND s.base_key = ? ORDER BY s.reissued, s.first
                        """, arguments: [row, key.row])
                while let row = try rows.next() {
                    let numbers = try SerialNumberRow(row, key, path)
                    for run in numbers.block {
                        let range = SerialNumberRange(run, key.family)
                        try body(
                            LedgerRange(baseKey: key.fingerprint, range: range, isReissued: numbers.isReissued))
                    }
                }
            }
        }
    }

    /// Where a serial number was used, under one base derivation key or under any, the earliest run first.
    ///
    /// A released run is told, too: it had the number, and gave it back.
    public func issues(
        of number: InitialKeySerialNumber, under baseKey: KeyFingerprint? = nil
    ) throws(FacilityError) -> [LedgerIssue] {
        try read { database, path in
            let search = ConflictSearch(database, path, limit: 0)
            var issues: [(run: Int64, issue: LedgerIssue)] = []
            for key in try LedgerBaseKey.all(database, path)
            where key.family == number.family && key.fingerprint == baseKey ?? key.fingerprint {
                let run = NumberRun(first: number.place, last: number.place)
                for row in try search.rows(across: run, key, try search.spreads(of: key), .whoever)
                where row.block.contains(where: { $0.intersection(run) != nil }) {
                    let name = try LedgerRuns.name(ofRow: row.run, database, path)
                    let issue = LedgerIssue(
                        baseKey: key.fingerprint, run: name.identifier, state: name.state, isReissued: row.isReissued)
                    issues.append((row.run, issue))
                }
            }
            return issues.sorted { $0.run < $1.run }.map(\.issue)
        }
    }

    /// What of these claims others have; reserving decides, this only tells.
    ///
    /// - Parameter run: one whose own numbers are no conflict, for it wants them.
    public func conflicts(
        _ claims: [LedgerClaim], of run: RunIdentifier? = nil, telling limit: Int = 100
    ) throws(FacilityError) -> LedgerConflicts {
        try read { database, path in
            let exception = try run.flatMap { try LedgerRuns.row($0, database, path) }
            let keyed = try claims.compactMap { claim in
                try LedgerBaseKey.find(claim.baseKey, database, path).map { ($0, claim) }
            }
            return try Self.conflicts(keyed, database, path, limit, exception: exception)
        }
    }

    /// Whether some device may have a key that was derived from this base derivation key.
    ///
    /// A run that is not finished counts; one whose numbers were given back does not.
    public func hasIssued(_ baseKey: KeyFingerprint) throws(FacilityError) -> Bool {
        try read { database, path in
            guard let key = try LedgerBaseKey.find(baseKey, database, path) else { return false }
            let found = try Row.fetchOne(
                database,
                sql: """
                    SELECT 1 FROM serial_numbers s JOIN run r ON r.id = s.run
                    WHERE s.base_key = ? AND r.state <> 'released' LIMIT 1
                    """, arguments: [key.row])
            return found != nil
        }
    }
}
