import GRDB
import PaymentCrypto

extension Ledger {
    /// Proves which numbers are in use: nobody has changed a run's state or its numbers, or has taken any away.
    ///
    /// It is done whenever numbers are taken, so it reads every row once and makes nothing of it. ``verify()`` asks more.
    ///
    /// - Throws: `LedgerError.corrupt` with the first thing that is wrong.
    static func verifyHoldings(_ database: Database, _ path: String) throws {
        try verifyChain(database, path)
        try verifyOwners(database, path)
        var numbers = try HeldNumbers(database, path)
        let runs = try Row.fetchCursor(database, sql: runsAsToldByChanges)
        while let run = try runs.next() {
            let (id, name) = (try run.integer(0, path), try run.text(1, path))
            guard try run.text(2, path) == run.text(3, path) else {
                throw LedgerError.corrupt(path: path, reason: "run \(name) is not what its changes add up to")
            }
            guard try run.text(4, path) == numbers.digest(ofRun: id).description else {
                throw LedgerError.corrupt(
                    path: path, reason: "run \(name) has not the serial numbers that its changes tell of")
            }
        }
        try numbers.finish()
    }

    /// Every change is of the run that it names.
    private static func verifyOwners(_ database: Database, _ path: String) throws {
        let stranger = try Row.fetchOne(
            database,
            sql: """
                SELECT c.revision FROM change c LEFT JOIN run r ON r.id = c.run
                WHERE r.identifier IS NOT json_extract(c.content, '$.run') LIMIT 1
                """)
        guard let stranger else { return }
        throw LedgerError.corrupt(
            path: path, reason: "the run of change \(try stranger.integer(0, path)) is missing or another one")
    }

    /// The state that each run has, and the state and the digest of its numbers that its last changes tell of.
    private static let runsAsToldByChanges = """
        SELECT id, identifier, state,
            (SELECT json_extract(content, '$.state') FROM change WHERE run = r.id ORDER BY revision DESC LIMIT 1),
            (SELECT json_extract(content, '$.numbers.sha256') FROM change
                WHERE run = r.id AND json_type(content, '$.numbers') IS NOT NULL ORDER BY revision DESC LIMIT 1)
        FROM run r ORDER BY id
        """
}

/// Goes through the rows of serial numbers once, run by run.
private struct HeldNumbers {
    private let path: String
    private let keys: [Int64: LedgerBaseKey]
    private let rows: RowCursor
    private var row: Row?

    init(_ database: Database, _ path: String) throws {
        self.path = path
        keys = Dictionary(try LedgerBaseKey.all(database, path).map { ($0.row, $0) }) { first, _ in first }
        rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT run, base_key, reissued, first, last, count, code, digest, spread FROM serial_numbers
                ORDER BY run, base_key, reissued, first
                """)
        row = try rows.next()
    }

    /// Over the digests of the run's rows; runs are asked for in the order of their rows.
    mutating func digest(ofRun run: Int64) throws -> SHA256Digest {
        let stream = try SHA256Stream()
        while let row, try row.integer(0, path) == run {
            try digest(of: row).withUnsafeBytes { try stream.update($0) }
            self.row = try rows.next()
        }
        return try stream.digest()
    }

    /// No row is left that is nobody's.
    func finish() throws {
        guard row == nil else {
            throw LedgerError.corrupt(path: path, reason: "a row of serial numbers belongs to no run")
        }
    }

    /// The row's digest, which is that of its values; a wrong spread would hide it.
    private func digest(of row: Row) throws -> [UInt8] {
        let (first, last) = (UInt64(stored: try row.integer(3, path)), UInt64(stored: try row.integer(4, path)))
        let digest = try row.bytes(7, path)
        guard let key = keys[try row.integer(1, path)], first <= last,
            try row.integer(8, path) == Int64(NumberBlock.spread(from: first, to: last)),
            digest
                == SerialNumberRow.digest(
                    first, last, count: try row.integer(5, path), code: try row.bytes(6, path),
                    isReissued: try row.integer(2, path) != 0, key)
        else { throw LedgerError.corrupt(path: path, reason: "a row of serial numbers is not as it was written") }
        return digest
    }
}
