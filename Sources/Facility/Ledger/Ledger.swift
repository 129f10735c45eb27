import GRDB
import PaymentCrypto

/// The lasting record of every initial key serial number that was ever issued, per base derivation key, and of the runs
/// that issued them.
///
/// A value of this type is one connection. Other processes may have others: whoever changes something keeps the rest
/// out for that moment, and each change is on disk when the call returns.
public final class Ledger: Sendable {
    /// The file.
    public let path: String
    /// The site's folder.
    let sitePath: String
    private let queue: DatabaseQueue

    private init(_ queue: DatabaseQueue, _ folder: borrowing SiteFolder) {
        self.queue = queue
        sitePath = folder.path
        path = "\(folder.path)/\(LedgerFile.fileName)"
    }

    /// Opens a site's ledger; nil where nothing was ever issued.
    public static func open(_ site: Site) throws(FacilityError) -> Ledger? {
        try open(site, patience: LedgerFile.patience)
    }

    /// The same for whoever has no passphrase: refuses a ledger that is older than the audit log's last line, or gone.
    ///
    /// Against the accident of an older copy; the proof is made where the site is unlocked.
    public static func openCurrent(_ site: Site) throws -> Ledger? {
        guard let known = try site.lastLedgerHead() else { return try open(site) }
        guard let ledger = try open(site) else {
            throw FacilityError.ledger(
                .rolledBack(path: "\(site.path)/\(LedgerFile.fileName)", expected: known, found: .empty))
        }
        try ledger.check(has: known)
        return ledger
    }

    /// - Parameter patience: how many seconds another process's change is waited for.
    static func open(_ site: Site, patience: Double) throws(FacilityError) -> Ledger? {
        let folder = try Site.open(site.path)
        return try LedgerFile.open(in: folder, patience: patience).map { Ledger($0, folder) }
    }

    /// Opens a site's ledger, made before where there is none.
    public static func openOrMake(_ site: Site) throws(FacilityError) -> Ledger {
        if let ledger = try open(site) { return ledger }
        // Another folder value than the one that reads: its lock is given back before the ledger is used.
        try LedgerFile.make(in: try Site.open(site.path))
        guard let ledger = try open(site) else {
            throw .ledger(.corrupt(path: "\(site.path)/\(LedgerFile.fileName)", reason: "the file is missing"))
        }
        return ledger
    }

    /// The ledger's last change.
    public func head() throws(FacilityError) -> LedgerHead { try read(LedgerChanges.head) }

    /// Refuses a ledger that lacks a change that it had once, as an older copy does.
    public func check(has expected: LedgerHead) throws(FacilityError) {
        try read { [path] database, _ in
            let digest = try LedgerChanges.digest(ofRevision: expected.revision, database, path)
            guard digest != expected.digest else { return }
            let found = try LedgerChanges.head(database, path)
            throw LedgerError.rolledBack(path: path, expected: expected, found: found)
        }
    }

    /// Reads what was committed last.
    func read<R>(_ body: (Database, String) throws -> R) throws(FacilityError) -> R {
        try FacilityError.convertingLedger(path) { try queue.read { try body($0, path) } }
    }

    /// Changes the ledger in one transaction, while no other process can; nil takes everything back.
    func change<R>(_ body: (Database, String) throws -> R?) throws(FacilityError) -> R? {
        try FacilityError.convertingLedger(path) {
            var result: R?
            try queue.inDatabase { database in
                try database.inTransaction(.immediate) {
                    result = try body(database, path)
                    return result == nil ? .rollback : .commit
                }
            }
            return result
        }
    }
}

/// The chain of changes.
enum LedgerChanges {
    static func head(_ database: Database, _ path: String) throws -> LedgerHead {
        let row = try Row.fetchOne(
            database, sql: "SELECT revision, digest FROM change ORDER BY revision DESC LIMIT 1")
        guard let row else { return .empty }
        return LedgerHead(revision: Int(try row.integer(0, path)), digest: try digest(try row.bytes(1, path), path))
    }

    static func digest(ofRevision revision: Int, _ database: Database, _ path: String) throws -> SHA256Digest? {
        if revision == 0 { return LedgerHead.empty.digest }
        let row = try Row.fetchOne(database, sql: "SELECT digest FROM change WHERE revision = ?", arguments: [revision])
        return try row.map { try digest(try $0.bytes(0, path), path) }
    }

    /// Writes a change down as the next one.
    static func append(
        _ change: LedgerChange, run: Int64, _ database: Database, _ path: String
    ) throws -> LedgerHead {
        let content = try change.content()
        let head = try head(database, path).following(content)
        try database.execute(
            sql: "INSERT INTO change (revision, run, content, digest) VALUES (?, ?, ?, ?)",
            arguments: [head.revision, run, content, head.digest.stored])
        return head
    }

    static func digest(_ bytes: [UInt8], _ path: String) throws -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: bytes) else {
            throw LedgerError.corrupt(path: path, reason: "a digest has not 32 bytes")
        }
        return digest
    }
}
