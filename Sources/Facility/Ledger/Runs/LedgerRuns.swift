import GRDB
import PaymentCrypto

/// The table of runs.
enum LedgerRuns {
    static func name(
        ofRow row: Int64, _ database: Database, _ path: String
    ) throws -> (identifier: RunIdentifier, state: LedgerRun.State) {
        let found = try Row.fetchOne(database, sql: "SELECT identifier, state FROM run WHERE id = ?", arguments: [row])
        guard let found, let identifier = RunIdentifier(try found.text(0, path)),
            let state = LedgerRun.State(rawValue: try found.text(1, path))
        else { throw LedgerError.corrupt(path: path, reason: "a run has no name or state") }
        return (identifier, state)
    }

    /// The row of a run, or nil where there is none.
    static func row(_ run: RunIdentifier, _ database: Database, _ path: String) throws -> Int64? {
        let row = try Row.fetchOne(
            database, sql: "SELECT id FROM run WHERE identifier = ?", arguments: [run.description])
        return try row?.integer(0, path)
    }

    /// The row of a run that is in one of these states.
    static func row(
        _ run: RunIdentifier, in states: [LedgerRun.State], _ database: Database, _ path: String
    ) throws -> (row: Int64, state: LedgerRun.State) {
        guard let row = try row(run, database, path) else { throw LedgerError.runMissing(run) }
        let state = try name(ofRow: row, database, path).state
        guard states.contains(state) else { throw LedgerError.wrongState(run, expected: states, found: state) }
        return (row, state)
    }

    static func add(
        _ run: RunIdentifier, _ state: LedgerRun.State, _ database: Database, _ path: String
    ) throws -> Int64 {
        guard try row(run, database, path) == nil else { throw LedgerError.runExists(run) }
        try database.execute(
            sql: "INSERT INTO run (identifier, state) VALUES (?, ?)", arguments: [run.description, state.rawValue])
        return database.lastInsertedRowID
    }

    static func set(_ state: LedgerRun.State, row: Int64, _ database: Database) throws {
        try database.execute(sql: "UPDATE run SET state = ? WHERE id = ?", arguments: [state.rawValue, row])
    }

    /// A run with all that has happened to it.
    static func read(row: Int64, _ database: Database, _ path: String) throws -> LedgerRun {
        let contents = try Row.fetchAll(
            database, sql: "SELECT content FROM change WHERE run = ? ORDER BY revision", arguments: [row])
        let changes = try contents.map { try change($0.text(0, path), path) }
        let name = try name(ofRow: row, database, path)
        guard let run = LedgerRun(changes), run.identifier == name.identifier, run.state == name.state else {
            throw LedgerError.corrupt(path: path, reason: "run \(name.identifier) is not what its changes add up to")
        }
        return run
    }

    static func change(_ content: String, _ path: String) throws -> LedgerChange {
        do { return try LedgerChange(content: content) } catch {
            throw LedgerError.corrupt(path: path, reason: "a change is none that this version of the tool knows")
        }
    }
}
