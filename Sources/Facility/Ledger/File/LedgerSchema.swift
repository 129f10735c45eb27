import GRDB

/// The tables of `ledger.sqlite`; see docs/formats/ledger.md.
enum LedgerSchema {
    /// What this version of the tool writes, and the newest that it reads.
    static let version = 1

    /// 'ipek', so that `file` and others can tell the ledger from other SQLite files.
    static let applicationID: Int32 = 0x6970_656B

    /// Two full blocks of scattered numbers go into one page.
    static let pageByteCount = 8192

    static let statements = [
        """
        CREATE TABLE base_key (
            id INTEGER PRIMARY KEY,
            fingerprint BLOB NOT NULL UNIQUE,
            family TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            identifier TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE serial_numbers (
            id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES run,
            base_key INTEGER NOT NULL REFERENCES base_key,
            reissued INTEGER NOT NULL,
            spread INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            count INTEGER NOT NULL,
            code BLOB NOT NULL,
            digest BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX serial_numbers_by_number ON serial_numbers (base_key, spread, first)",
        "CREATE INDEX serial_numbers_by_run ON serial_numbers (run, base_key, reissued, first)",
        """
        CREATE TABLE change (
            revision INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES run,
            content TEXT NOT NULL,
            digest BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX change_by_run ON change (run)",
    ]

    /// Makes the tables in an empty file.
    static func create(_ database: Database) throws {
        for statement in statements { try database.execute(sql: statement) }
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// Refuses a file that is no ledger, or one of a newer version, or has other tables than ours.
    static func check(_ database: Database, path: String) throws {
        guard try number("PRAGMA application_id", database) == Int64(applicationID) else {
            throw LedgerError.corrupt(path: path, reason: "the file is no ledger")
        }
        let found = try number("PRAGMA user_version", database)
        guard found <= version else { throw LedgerError.newer(path: path, found: Int(found), known: version) }
        let tables = try Row.fetchAll(
            database, sql: "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
        ).map { try $0.text(0, path) }
        guard found == version, tables == statements else {
            throw LedgerError.corrupt(path: path, reason: "expected the tables of version \(version), found others")
        }
    }

    private static func number(_ sql: String, _ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: sql) ?? 0
    }
}
