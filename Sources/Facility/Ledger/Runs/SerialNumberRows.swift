import FoundationEssentials
import GRDB
import PaymentCrypto

/// A base derivation key as the ledger knows it.
struct LedgerBaseKey: Hashable {
    let row: Int64
    let fingerprint: KeyFingerprint
    let family: DUKPTFamily

    init(_ row: Row, _ path: String) throws {
        self.row = try row.integer(0, path)
        guard let fingerprint = KeyFingerprint(stored: try row.bytes(1, path)),
            let family = DUKPTFamily(stored: try row.text(2, path))
        else { throw LedgerError.corrupt(path: path, reason: "a base derivation key is none") }
        (self.fingerprint, self.family) = (fingerprint, family)
    }

    static func find(_ fingerprint: KeyFingerprint, _ database: Database, _ path: String) throws -> LedgerBaseKey? {
        try Row.fetchOne(
            database, sql: "SELECT id, fingerprint, family FROM base_key WHERE fingerprint = ?",
            arguments: [fingerprint.stored]
        ).map { try LedgerBaseKey($0, path) }
    }

    static func all(_ database: Database, _ path: String) throws -> [LedgerBaseKey] {
        try Row.fetchAll(database, sql: "SELECT id, fingerprint, family FROM base_key ORDER BY id").map {
            try LedgerBaseKey($0, path)
        }
    }

    /// The key, noted down where it is new.
    static func findOrAdd(
        _ fingerprint: KeyFingerprint, _ family: DUKPTFamily, _ database: Database, _ path: String
    ) throws -> LedgerBaseKey {
        if try find(fingerprint, database, path) == nil {
            try database.execute(
                sql: "INSERT INTO base_key (fingerprint, family) VALUES (?, ?)",
                arguments: [fingerprint.stored, family.stored])
        }
        guard let key = try find(fingerprint, database, path), key.family == family else {
            throw LedgerError.corrupt(path: path, reason: "a base derivation key is of another family than before")
        }
        return key
    }
}

/// A row of serial numbers: one block, whose they are, and a digest against damage.
struct SerialNumberRow {
    /// What `init` reads, in this order.
    static let columns = "s.run, s.reissued, s.first, s.last, s.count, s.code, s.digest, s.id"

    let run: Int64
    let isReissued: Bool
    let block: NumberBlock
    let digest: [UInt8]
    let id: Int64

    /// A row as it was read; one that is not as it was written is refused.
    init(_ row: Row, _ key: LedgerBaseKey, _ path: String) throws {
        run = try row.integer(0, path)
        isReissued = try row.integer(1, path) != 0
        id = try row.integer(7, path)
        digest = try row.bytes(6, path)
        let block = NumberBlock(
            first: UInt64(stored: try row.integer(2, path)), last: UInt64(stored: try row.integer(3, path)),
            count: Int(try row.integer(4, path)), code: try row.bytes(5, path))
        guard let block, digest == Self.digest(block, isReissued, key) else {
            throw LedgerError.corrupt(path: path, reason: "a row of serial numbers is not as it was written")
        }
        self.block = block
    }

    /// Writes the blocks of a run, and gives their digests in the order of the number line.
    static func insert(
        _ numbers: NumberSet, isReissued: Bool, run: Int64, _ key: LedgerBaseKey, _ database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO serial_numbers (run, base_key, reissued, spread, first, last, count, code, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for block in numbers.blocks {
            try statement.execute(arguments: [
                run, key.row, isReissued ? 1 : 0, block.spread, block.first.stored, block.last.stored, block.count,
                Data(block.code), Data(digest(block, isReissued, key)),
            ])
        }
    }

    private static func digest(_ block: NumberBlock, _ isReissued: Bool, _ key: LedgerBaseKey) -> [UInt8] {
        digest(block.first, block.last, count: Int64(block.count), code: block.code, isReissued: isReissued, key)
    }

    /// Sixteen bytes tell damage; whoever can write the file can write them, too.
    static func digest(
        _ first: UInt64, _ last: UInt64, count: Int64, code: [UInt8], isReissued: Bool, _ key: LedgerBaseKey
    ) -> [UInt8] {
        var bytes = Array("\(key.fingerprint) \(key.family.stored) ".utf8) + [isReissued ? 1 : 0]
        bytes.reserveCapacity(bytes.count + 24 + code.count)
        for number in [first, last, UInt64(bitPattern: count)] {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
        return Array(ContentDigest.sha256(bytes + code).prefix(16))
    }

    /// What a change writes down of a run's numbers.
    static func summary(
        ofRun run: Int64, _ database: Database, _ path: String
    ) throws -> LedgerChange.Numbers {
        let stream = try SHA256Stream()
        var counts: [Int64: (count: Int, reissued: Int)] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT base_key, reissued, count, digest FROM serial_numbers
                WHERE run = ? ORDER BY base_key, reissued, first
                """, arguments: [run])
        while let row = try rows.next() {
            let (key, count) = (try row.integer(0, path), Int(try row.integer(2, path)))
            let before = counts[key] ?? (0, 0)
            let isReissued = try row.integer(1, path) != 0
            counts[key] = (before.count &+ count, before.reissued &+ (isReissued ? count : 0))
            try row.bytes(3, path).withUnsafeBytes { try stream.update($0) }
        }
        let keys = try LedgerBaseKey.all(database, path)
        return LedgerChange.Numbers(
            counts: keys.compactMap { key in
                counts[key.row].map { .init(baseKey: key.fingerprint, count: $0.count, reissued: $0.reissued) }
            }, sha256: try stream.digest())
    }
}
