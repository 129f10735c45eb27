import GRDB

extension LedgerError {
    /// Says in the ledger's terms what SQLite found; its messages have no value of a statement in them.
    init(_ error: DatabaseError, path: String) {
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode.primaryResultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .locked(path: path)
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_NOMEM, .SQLITE_AUTH,
            .SQLITE_NOLFS:
            self = .inputOutput(path: path, reason: "\(reason) (SQLite code \(error.extendedResultCode.rawValue))")
        // A missing table or column is damage as much as a bad page.
        default: self = .corrupt(path: path, reason: reason)
        }
    }
}

extension FacilityError {
    /// Runs `body` and says in this module's terms what it throws, SQLite's errors included.
    static func convertingLedger<R>(_ path: String, _ body: () throws -> R) throws(FacilityError) -> R {
        try converting {
            do { return try body() } catch let error as DatabaseError { throw LedgerError(error, path: path) }
        }
    }
}
