import GRDB
public import PaymentCrypto

/// What happens to runs; each call is one transaction.
extension Ledger {
    /// Takes all serial numbers of a run, or none of them.
    ///
    /// - Parameter limit: how many conflicts are told one by one.
    public func reserve(
        _ start: LedgerRun.Start, _ claims: [LedgerClaim], telling limit: Int = 100
    ) throws(FacilityError) -> LedgerReservation {
        try take(start, claims, completion: nil, limit)
    }

    /// The same for a single key, which counts as issued from now on: call it before the key is shown.
    public func export(
        _ start: LedgerRun.Start, _ claim: LedgerClaim, _ completion: LedgerRun.Completion
    ) throws(FacilityError) -> LedgerReservation {
        try take(start, [claim], completion: completion, 1)
    }

    /// Notes that the keys of a run are on disk: no number of it is ever given back.
    ///
    /// - Parameter freed: numbers whose devices got no key after all; nobody has them from now on.
    @discardableResult
    public func issue(
        _ run: RunIdentifier, _ completion: LedgerRun.Completion, freeing freed: [KeyFingerprint: SerialNumberSet] = [:]
    ) throws(FacilityError) -> LedgerHead {
        try committed { database, path in
            let row = try LedgerRuns.row(run, in: [.reserved], database, path).row
            var change = LedgerChange(.issue, run, state: .issued)
            change.completion = completion
            for (key, numbers) in freed where !numbers.isEmpty {
                try Self.free(numbers, key, ofRun: row, database, path)
                change.numbers = try SerialNumberRow.summary(ofRun: row, database, path)
            }
            try LedgerRuns.set(.issued, row: row, database)
            return try LedgerChanges.append(change, run: row, database, path)
        }
    }

    /// Gives the numbers of a run back where it never came to its end, and retires them for ever where it did.
    ///
    /// - Parameter outputExists: whether some output was completed although the ledger does not know of it.
    @discardableResult
    public func void(
        _ run: RunIdentifier, _ voiding: LedgerRun.Voiding, outputExists: Bool = false
    ) throws(FacilityError) -> (state: LedgerRun.State, head: LedgerHead) {
        try committed { database, path in
            let (row, before) = try LedgerRuns.row(run, in: [.reserved, .issued], database, path)
            let state = before == .reserved && !outputExists ? LedgerRun.State.released : .retired
            var change = LedgerChange(.void, run, state: state)
            change.voiding = voiding
            change.voiding?.time = change.time
            try LedgerRuns.set(state, row: row, database)
            return (state, try LedgerChanges.append(change, run: row, database, path))
        }
    }

    /// Notes what a return from the injection line came to; the run's numbers stay as they are.
    ///
    /// - Parameter count: how many reconciliations the run had when this one began; another one in between would be lost.
    @discardableResult
    public func reconcile(
        _ run: RunIdentifier, _ reconciliation: LedgerRun.Reconciliation, after count: Int? = nil
    ) throws(FacilityError) -> LedgerHead {
        try committed { database, path in
            let (row, state) = try LedgerRuns.row(run, in: [.issued, .retired], database, path)
            if let count, try LedgerRuns.read(row: row, database, path).reconciliations.count != count {
                throw LedgerError.reconciledMeanwhile(run)
            }
            var change = LedgerChange(.reconcile, run, state: state)
            change.reconciliation = reconciliation
            change.reconciliation?.time = change.time
            return try LedgerChanges.append(change, run: row, database, path)
        }
    }

    private func take(
        _ start: LedgerRun.Start, _ claims: [LedgerClaim], completion: LedgerRun.Completion?, _ limit: Int
    ) throws(FacilityError) -> LedgerReservation {
        try Self.checkForm(start, claims)
        var conflicts = LedgerConflicts()
        let head: LedgerHead? = try change { database, path in
            // Numbers that somebody has taken out would be free.
            try Self.verifyHoldings(database, path)
            let state = completion == nil ? LedgerRun.State.reserved : .issued
            let row = try LedgerRuns.add(start.identifier, state, database, path)
            let keyed = try claims.map {
                (try LedgerBaseKey.findOrAdd($0.baseKey, $0.numbers.family, database, path), $0)
            }
            conflicts = try Self.conflicts(keyed, database, path, limit)
            guard conflicts.isEmpty else { return nil }
            for (key, claim) in keyed {
                try Self.checkWereIssued(claim.reissued, key, database, path)
                try SerialNumberRow.insert(claim.numbers.numbers, isReissued: false, run: row, key, database)
                try SerialNumberRow.insert(claim.reissued.numbers, isReissued: true, run: row, key, database)
            }
            var change = LedgerChange(.reserve, start.identifier, state: state)
            change.start = start
            change.completion = completion
            change.numbers = try SerialNumberRow.summary(ofRun: row, database, path)
            return try LedgerChanges.append(change, run: row, database, path)
        }
        return head.map { .reserved($0) } ?? .refused(conflicts)
    }

    /// What the caller has to have seen to.
    private static func checkForm(_ start: LedgerRun.Start, _ claims: [LedgerClaim]) throws(FacilityError) {
        // Two claims under one key could want the same number, and each would find it free.
        guard Set(claims.map(\.baseKey)).count == claims.count else {
            throw .internalFault("a run claims numbers under one base derivation key twice")
        }
        guard start.again != nil || claims.allSatisfy(\.reissued.isEmpty) else {
            throw .internalFault("a number is to be issued again without a reason")
        }
    }

    static func conflicts(
        _ claims: [(LedgerBaseKey, LedgerClaim)], _ database: Database, _ path: String, _ limit: Int,
        exception: Int64? = nil
    ) throws -> LedgerConflicts {
        var search = ConflictSearch(database, path, limit: limit)
        search.exception = exception
        for (key, claim) in claims {
            try search.search(claim.numbers, key, .anyone)
            // What is not finished or was retired is not issued again, not even to the same device.
            try search.search(claim.reissued, key, .unissued)
        }
        return try search.finish()
    }

    private static func checkWereIssued(
        _ numbers: SerialNumberSet, _ key: LedgerBaseKey, _ database: Database, _ path: String
    ) throws {
        guard !numbers.isEmpty else { return }
        var search = ConflictSearch(database, path, limit: 0)
        try search.search(numbers, key, .issued)
        let issued = try search.finish().numbers[key.fingerprint]
        let others = issued.map(numbers.subtracting) ?? numbers
        if let other = others.ranges.first(where: { _ in true }) { throw LedgerError.notIssued(other.first) }
    }

    /// Takes numbers out of a run's rows, which become shorter, or several, or none.
    private static func free(
        _ numbers: SerialNumberSet, _ fingerprint: KeyFingerprint, ofRun run: Int64, _ database: Database,
        _ path: String
    ) throws {
        guard let key = try LedgerBaseKey.find(fingerprint, database, path), key.family == numbers.family else {
            return
        }
        let ids = try Row.fetchAll(
            database, sql: "SELECT id FROM serial_numbers WHERE run = ? AND base_key = ?", arguments: [run, key.row])
        for id in ids {
            let found = try Row.fetchOne(
                database, sql: "SELECT \(SerialNumberRow.columns) FROM serial_numbers s WHERE s.id = ?",
                arguments: [try id.integer(0, path)])
            guard let row = try found.map({ try SerialNumberRow($0, key, path) }) else { continue }
            let before = NumberSet(runs: row.block)
            let after = before.subtracting(numbers.numbers)
            guard after != before else { continue }
            try database.execute(sql: "DELETE FROM serial_numbers WHERE id = ?", arguments: [row.id])
            try SerialNumberRow.insert(after, isReissued: row.isReissued, run: run, key, database)
        }
    }

    private func committed<R>(_ body: (Database, String) throws -> R) throws(FacilityError) -> R {
        guard let result = try change({ try body($0, $1) }) else {
            throw .internalFault("a change of the ledger was taken back")
        }
        return result
    }
}
