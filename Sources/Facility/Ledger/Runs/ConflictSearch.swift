import GRDB
import PaymentCrypto

/// Finds the numbers of a claim that are in the ledger already.
///
/// Rows of several runs may lie across each other on the number line. A row of spread n is shorter than 2^n, so it can
/// reach a claimed block only where it begins less than 2^n before it: for each spread there is one stretch of the index.
struct ConflictSearch {
    let database: Database
    let path: String
    /// How many conflicts are told one by one.
    let limit: Int
    /// A run whose own numbers are in nobody's way.
    var exception: Int64?

    private var found = LedgerConflicts()
    private var parts: [(run: Int64, key: LedgerBaseKey, numbers: NumberSet)] = []
    private var told: [(run: Int64, key: LedgerBaseKey, number: InitialKeySerialNumber)] = []

    init(_ database: Database, _ path: String, limit: Int) {
        (self.database, self.path, self.limit) = (database, path, limit)
    }

    /// Rows that are in the way of a claim.
    enum Obstacle: String {
        /// Whoever had the number first, unless it was released, and whoever had it again and is not done with it.
        case anyone = "(s.reissued = 0 AND r.state <> 'released' OR r.state IN ('reserved', 'retired'))"
        /// Whoever has not come to an end with it, or has it for ever.
        case unissued = "r.state IN ('reserved', 'retired')"
        /// Everybody that ever had it.
        case whoever = "TRUE"
        /// Whoever has issued it.
        case issued = "s.reissued = 0 AND r.state = 'issued'"
    }

    /// Looks at one claim's numbers.
    mutating func search(_ numbers: SerialNumberSet, _ key: LedgerBaseKey, _ obstacle: Obstacle) throws {
        let spreads = try spreads(of: key)
        guard !spreads.isEmpty else { return }
        var builder = NumberSet.Builder()
        var owners: [Int64: NumberSet.Builder] = [:]
        for block in numbers.numbers.blocks {
            for (run, owner) in try hits(block, key, spreads, obstacle) {
                tell(run, owner, key, after: builder.lastNumber)
                builder.add(run)
                owners[owner, default: NumberSet.Builder()].add(run)
            }
        }
        let taken = builder.finish()
        guard !taken.isEmpty else { return }
        for (owner, var numbers) in owners { parts.append((owner, key, numbers.finish())) }
        let before = found.numbers[key.fingerprint]?.numbers ?? NumberSet()
        found.numbers[key.fingerprint] = SerialNumberSet(family: key.family, numbers: before.union(taken))
    }

    /// What was found, with the runs' names.
    func finish() throws -> LedgerConflicts {
        var conflicts = found
        let owners = Set(parts.map(\.run))
        let names = try Dictionary(
            uniqueKeysWithValues: owners.map { ($0, try LedgerRuns.name(ofRow: $0, database, path)) })
        conflicts.parts = parts.sorted { ($0.run, $0.key.row) < ($1.run, $1.key.row) }.compactMap { part in
            let numbers = SerialNumberSet(family: part.key.family, numbers: part.numbers)
            return names[part.run].map {
                .init(run: $0.identifier, state: $0.state, baseKey: part.key.fingerprint, numbers: numbers)
            }
        }
        conflicts.first = told.compactMap { conflict in
            names[conflict.run].map {
                LedgerConflict(
                    baseKey: conflict.key.fingerprint, number: conflict.number, run: $0.identifier, state: $0.state)
            }
        }
        return conflicts
    }

    /// What a block and the rows have in common, ascending, the earliest run first where several have the same.
    private func hits(
        _ block: NumberBlock, _ key: LedgerBaseKey, _ spreads: [Int], _ obstacle: Obstacle
    ) throws -> [(NumberRun, Int64)] {
        var hits: [(NumberRun, Int64)] = []
        let claimed = NumberSet.Runs([block])
        for row in try rows(across: NumberRun(first: block.first, last: block.last), key, spreads, obstacle) {
            for common in CommonRuns(claimed, NumberSet.Runs([row.block])) { hits.append((common, row.run)) }
        }
        return hits.sorted { ($0.0.first, $0.1) < ($1.0.first, $1.1) }
    }

    /// The rows that have a number between these two, or could have.
    func rows(
        across range: NumberRun, _ key: LedgerBaseKey, _ spreads: [Int], _ obstacle: Obstacle
    ) throws -> [SerialNumberRow] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(SerialNumberRow.columns) FROM serial_numbers s JOIN run r ON r.id = s.run
                WHERE s.base_key = ? AND s.spread = ? AND s.first BETWEEN ? AND ? AND s.last >= ?
                    AND s.run IS NOT ? AND \(obstacle.rawValue)
                """)
        return try spreads.flatMap { spread in
            let reach = spread < UInt64.bitWidth ? 1 << UInt64(spread) - 1 : UInt64.max
            let low = range.first > reach ? range.first - reach : 0
            let arguments: StatementArguments = [
                key.row, spread, low.stored, range.last.stored, range.first.stored, exception,
            ]
            return try Row.fetchAll(statement, arguments: arguments).map { try SerialNumberRow($0, key, path) }
        }
    }

    /// The spreads that occur under a key; a handful, found by leaps through the index.
    func spreads(of key: LedgerBaseKey) throws -> [Int] {
        var spreads: [Int] = []
        let statement = try database.cachedStatement(
            sql: "SELECT min(spread) FROM serial_numbers WHERE base_key = ? AND spread > ?")
        while let next = try Int.fetchOne(statement, arguments: [key.row, spreads.last ?? -1]) { spreads.append(next) }
        return spreads
    }

    private mutating func tell(_ run: NumberRun, _ owner: Int64, _ key: LedgerBaseKey, after last: UInt64?) {
        var place = last.map { max($0 == .max ? .max : $0 + 1, run.first) } ?? run.first
        guard last != .max else { return }
        while told.count < limit, place <= run.last {
            told.append((owner, key, InitialKeySerialNumber(place: place, family: key.family)))
            if place == .max { return }
            place += 1
        }
    }
}
