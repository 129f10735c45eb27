import FoundationEssentials
import GRDB
import Glibc
import PaymentCrypto
import Testing

@testable import Facility

/// Ledgers that are damaged, newer, locked, exposed, or have no room.
@Suite struct LedgerFaultTests {
    let fixture: LedgerFixture

    init() throws {
        fixture = try LedgerFixture()
        let ledger = try fixture.open()
        try ledger.reserve("a", (0..<5000).map { $0 * 1_000_003 })
        try ledger.issue("a")
        try ledger.reserve("b", 1_000_000_000_000..<1_000_000_000_100)
    }

    /// What opening the ledger and looking at all of it throws.
    private func fault() throws -> LedgerError? {
        do throws(FacilityError) {
            try Ledger.open(fixture.site)?.verify()
            return nil
        } catch {
            guard case .ledger(let fault) = error else { throw error }
            return fault
        }
    }

    private func isCorrupt() throws -> Bool {
        if case .corrupt = try fault() { return true }
        return false
    }

    @Test func aSiteWithoutALedgerHasNone() throws {
        let other = try LedgerFixture()
        #expect(try Ledger.open(other.site) == nil)
        #expect(try other.test.contents == ["audit.jsonl", "keyring.json", "site.json"])
        _ = try other.open()
        #expect(try other.test.contents == ["audit.jsonl", "keyring.json", "ledger.sqlite", "site.json"])
    }

    @Test func othersCannotReadIt() throws {
        var status = stat()
        #expect(stat(fixture.file, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        chmod(fixture.file, 0o640)
        #expect(throws: FacilityError.exposed(.init(path: fixture.file, fault: .mode(found: 0o640, expected: 0o600)))) {
            try Ledger.open(fixture.site)
        }
    }

    @Test func aLinkIsNotFollowed() throws {
        #expect(rename(fixture.file, fixture.file + ".elsewhere") == 0)
        #expect(symlink(fixture.file + ".elsewhere", fixture.file) == 0)
        #expect(throws: FacilityError.exposed(.init(noFileAt: fixture.file))) { try Ledger.open(fixture.site) }
        #expect(throws: FacilityError.self) { try Ledger.openOrMake(fixture.site) }
    }

    @Test func aNewerVersionIsRefused() throws {
        try fixture.sql("PRAGMA user_version = 2")
        #expect(try fault() == .newer(path: fixture.file, found: 2, known: 1))
    }

    @Test(arguments: [
        "PRAGMA application_id = 1", "DROP TABLE change", "ALTER TABLE run ADD COLUMN more TEXT",
        "CREATE TABLE more (id)",
        "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM serial_numbers; END", "CREATE VIEW v AS SELECT 1",
        "PRAGMA user_version = 0",
    ])
    func otherTablesAreDamage(statement: String) throws {
        try fixture.sql(statement)
        #expect(try isCorrupt())
        #expect(throws: FacilityError.self) { try fixture.open() }
    }

    @Test(arguments: [
        "DELETE FROM serial_numbers WHERE id = 1", "UPDATE serial_numbers SET last = last + 1 WHERE code = x''",
        "UPDATE serial_numbers SET reissued = 1", "UPDATE serial_numbers SET spread = spread + 1 WHERE code = x''",
        "UPDATE serial_numbers SET run = 1 WHERE run = 2", "UPDATE serial_numbers SET code = zeroblob(length(code))",
        "UPDATE serial_numbers SET digest = x'00'", "UPDATE run SET state = 'released' WHERE id = 1",
        "UPDATE run SET state = 'unheard of'", "UPDATE run SET identifier = '../x' WHERE id = 1",
        "UPDATE change SET content = replace(content, 'alice', 'mallory')", "UPDATE change SET content = ''",
        "DELETE FROM change WHERE revision = 1", "DELETE FROM change WHERE revision = 3",
        "UPDATE change SET digest = x'' WHERE revision = 2", "UPDATE base_key SET fingerprint = x'01'",
        "UPDATE base_key SET family = 'aes'", "UPDATE base_key SET family = 'des'",
        "DELETE FROM run WHERE id = 2", "DELETE FROM serial_numbers WHERE run = 1; DELETE FROM run WHERE id = 1",
        "UPDATE serial_numbers SET first = first + 1 WHERE code = x''", "UPDATE serial_numbers SET count = count + 1",
        "UPDATE change SET run = 2 WHERE revision = 2", "UPDATE serial_numbers SET first = last + 1",
    ])
    func changedRowsAreDamage(statement: String) throws {
        try fixture.sql("PRAGMA foreign_keys = OFF; " + statement)
        #expect(try isCorrupt())
        // Nobody gets numbers out of such a ledger, which might be in use already.
        let error = #expect(throws: FacilityError.self) { try fixture.open().reserve("c", 7..<8) }
        guard case .ledger(.corrupt) = error else { throw error ?? FacilityError.internalFault("no error") }
    }

    /// Cut at any place, filled with zeros or nonsense: an error of its own kind, never a trap, never an empty ledger.
    @Test func damagedFilesAreTold() throws {
        let whole = try fixture.test.read("ledger.sqlite")
        for count in [0, 1, 15, 16, 99, 100, 4096, 8192, 8193, whole.count / 2, whole.count - 1] {
            try fixture.test.write(Array(whole.prefix(count)), to: "ledger.sqlite")
            #expect(try isCorrupt(), "cut to \(count)")
        }
        try fixture.test.write([UInt8](repeating: 0, count: whole.count), to: "ledger.sqlite")
        #expect(try isCorrupt())
        try fixture.test.write(Array("no ledger at all, but text".utf8), to: "ledger.sqlite")
        #expect(try isCorrupt())
        try fixture.test.write(whole, to: "ledger.sqlite")
        #expect(try fault() == nil)
    }

    /// A flipped byte is noticed, or it is where nothing is kept.
    @Test func flippedBytesAreToldOrChangeNothing() throws {
        let whole = try fixture.test.read("ledger.sqlite")
        let ledger = try #require(try Ledger.open(fixture.site))
        let (head, places) = (try ledger.head(), try ledger.places("a"))
        var chance = Chance(seed: 1)
        var found = 0
        for _ in 0..<150 {
            var bytes = whole
            let place = Int.random(in: 0..<bytes.count, using: &chance)
            bytes[place] ^= UInt8.random(in: 1...255, using: &chance)
            try fixture.test.write(bytes, to: "ledger.sqlite")
            if try fault() != nil {
                found += 1
                continue
            }
            let damaged = try #require(try Ledger.open(fixture.site))
            #expect(try damaged.head() == head, "byte \(place)")
            #expect(try damaged.places("a") == places, "byte \(place)")
        }
        #expect(found > 0)
    }

    @Test func aLedgerThatAnotherHoldsIsLocked() throws {
        let ledger = try #require(try Ledger.open(fixture.site, patience: 0.05))
        let other = try fixture.otherProcess()
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(throws: FacilityError.ledger(.locked(path: ledger.path))) { try ledger.reserve("c", [1]) }
        // Whoever only looks is not kept waiting by a change that is not being committed yet.
        #expect(try ledger.runs().count == 2)
        try other.inDatabase { try $0.execute(sql: "COMMIT; BEGIN EXCLUSIVE") }
        #expect(throws: FacilityError.ledger(.locked(path: ledger.path))) { try ledger.runs() }
        #expect(throws: FacilityError.ledger(.locked(path: ledger.path))) {
            try Ledger.open(fixture.site, patience: 0.05)
        }
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        #expect(try ledger.reserve("c", [1]) == nil)
    }

    /// SQLite's own limit stands for a disk that has none left: the same code, and nothing of the run is there.
    @Test func aLedgerWithoutRoomStaysAsItWas() throws {
        let ledger = try fixture.open()
        let head = try ledger.head()
        try ledger.read { database, _ in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
        }
        let claim = try LedgerFixture.claim((0..<100_000).map { $0 * 1_000_003 + 1 })
        #expect(throws: FacilityError.ledger(.full(path: ledger.path))) {
            try ledger.reserve(try LedgerFixture.start("c"), [claim])
        }
        #expect(try ledger.head() == head)
        #expect(try fault() == nil)
        #expect(try fixture.open().reserve("c", [1]) == nil)
    }

    /// A small file system that really fills up, where the tests may mount one.
    @Test func aFullDiskLeavesTheLedgerAsItWas() throws {
        let place = fixture.test.path
        let kept = try fixture.test.contents.map { ($0, try fixture.test.read($0)) }
        guard mount("tmpfs", place, "tmpfs", 0, "size=400k,mode=0700") == 0 else { return }
        defer { umount2(place, Int32(MNT_DETACH)) }
        for (name, bytes) in kept { try fixture.test.write(bytes, to: name) }
        let ledger = try fixture.open()
        let head = try ledger.head()
        let claim = try LedgerFixture.claim((0..<200_000).map { $0 * 1_000_003 + 1 })
        #expect(throws: FacilityError.ledger(.full(path: ledger.path))) {
            try ledger.reserve(try LedgerFixture.start("c"), [claim])
        }
        #expect(try ledger.head() == head)
        try ledger.verify()
        #expect(try ledger.reserve("c", [1]) == nil)
    }

    /// A process that died in the middle of a change: its journal is read back by whoever comes next.
    @Test func aJournalThatACrashLeftIsReadBack() throws {
        let head = try fixture.open().head()
        let other = try fixture.otherProcess()
        try other.inDatabase { database in
            // A cache of one page: the change is in the file before it is committed.
            try database.execute(sql: "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE")
            try database.execute(sql: "UPDATE serial_numbers SET count = count + 1; DELETE FROM change")
        }
        let journal = try fixture.test.read("ledger.sqlite-journal")
        let torn = try fixture.test.read("ledger.sqlite")
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        try other.close()
        try fixture.test.write(torn, to: "ledger.sqlite")
        try fixture.test.write(journal, to: "ledger.sqlite-journal")
        #expect(try fault() == nil)
        #expect(try fixture.open().head() == head)
        #expect(try fixture.test.contents.contains("ledger.sqlite-journal") == false)
    }
}
