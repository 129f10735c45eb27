import GRDB
import PaymentCrypto

extension Ledger {
    /// Looks at all of the ledger: SQLite's own structure, every row, every run, and the chain of changes.
    ///
    /// - Throws: `LedgerError.corrupt` with the first thing that is wrong.
    public func verify() throws(FacilityError) {
        try read { database, path in
            try Self.verifyStructure(database, path)
            try Self.verifyChain(database, path)
            try Self.verifyNumbers(database, path)
            try Self.verifyRuns(database, path)
        }
    }

    private static func verifyStructure(_ database: Database, _ path: String) throws {
        let finding = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)")
        guard finding == "ok" else { throw LedgerError.corrupt(path: path, reason: finding ?? "no answer") }
        guard try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") == nil else {
            throw LedgerError.corrupt(path: path, reason: "a row refers to one that is missing")
        }
    }

    static func verifyChain(_ database: Database, _ path: String) throws {
        var head = LedgerHead.empty
        let rows = try Row.fetchCursor(database, sql: "SELECT revision, content, digest FROM change ORDER BY revision")
        while let row = try rows.next() {
            head = head.following(try row.text(1, path))
            let digest = try LedgerChanges.digest(try row.bytes(2, path), path)
            guard try row.integer(0, path) == Int64(head.revision), digest == head.digest else {
                throw LedgerError.corrupt(path: path, reason: "change \(head.revision) is not as it was written")
            }
        }
    }

    /// Reading a row of serial numbers checks it; its spread has to be right, too, or it would not be found.
    private static func verifyNumbers(_ database: Database, _ path: String) throws {
        for key in try LedgerBaseKey.all(database, path) {
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT \(SerialNumberRow.columns), s.spread FROM serial_numbers s WHERE s.base_key = ?",
                arguments: [key.row])
            while let row = try rows.next() {
                guard try row.integer(8, path) == Int64(try SerialNumberRow(row, key, path).block.spread) else {
                    throw LedgerError.corrupt(path: path, reason: "a row of serial numbers would not be found")
                }
            }
        }
    }

    private static func verifyRuns(_ database: Database, _ path: String) throws {
        for row in try Row.fetchAll(database, sql: "SELECT id FROM run ORDER BY id") {
            let id = try row.integer(0, path)
            let run = try LedgerRuns.read(row: id, database, path)
            let contents = try Row.fetchAll(
                database, sql: "SELECT content FROM change WHERE run = ? ORDER BY revision", arguments: [id])
            let recorded = try contents.compactMap { try LedgerRuns.change($0.text(0, path), path).numbers }.last
            guard recorded == (try SerialNumberRow.summary(ofRun: id, database, path)) else {
                throw LedgerError.corrupt(
                    path: path, reason: "run \(run.identifier) has not the serial numbers that its changes tell of")
            }
        }
    }
}
