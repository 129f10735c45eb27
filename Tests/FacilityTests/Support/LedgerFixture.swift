import GRDB
import PaymentCrypto
import Testing

@testable import Facility

/// A site with a ledger, and what tests say often.
final class LedgerFixture {
    let test: TestSite
    let site: Site

    init() throws {
        test = try TestSite()
        site = try test.make().site
    }

    var file: String { "\(test.path)/ledger.sqlite" }

    func open() throws -> Ledger { try Ledger.openOrMake(site) }

    /// Opens the ledger as somebody else would, past every rule.
    func sql(_ statement: String) throws {
        let queue = try DatabaseQueue(path: file)
        try queue.writeWithoutTransaction { try $0.execute(sql: statement) }
        try queue.close()
    }

    /// A connection that may leave a transaction open, as another process would.
    func otherProcess() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: file, configuration: configuration)
    }

    static func key(_ number: Int = 0) throws -> KeyFingerprint {
        try #require(KeyFingerprint(String(repeating: "0", count: 31) + String(number, radix: 16)))
    }

    static func start(_ name: String) throws -> LedgerRun.Start {
        var start = LedgerRun.Start(
            identifier: try #require(RunIdentifier(name)), kind: .run, started: "2026-03-01T12:00:00Z")
        start.operators = [try #require(OperatorName("alice"))]
        start.output = "/out/\(name)"
        return start
    }

    /// TDES numbers by their places on the number line.
    static func claim(_ places: some Sequence<UInt64>, again: Set<UInt64> = [], key: Int = 0) throws -> LedgerClaim {
        LedgerClaim(baseKey: try Self.key(key), numbers: set(Set(places).union(again)), reissued: set(again))
    }

    static func set(_ places: Set<UInt64>) -> SerialNumberSet {
        SerialNumberSet(family: .tdes, numbers: NumberSet(places))
    }

    static func number(_ place: UInt64) -> InitialKeySerialNumber {
        InitialKeySerialNumber(place: place, family: .tdes)
    }

    static let completion = LedgerRun.Completion(ended: "2026-03-01T12:01:00Z", issued: 1)
}

extension Ledger {
    /// Reserves places under the first key; the conflicts where there are some.
    @discardableResult
    func reserve(
        _ name: String, _ places: some Sequence<UInt64>, again: Set<UInt64> = []
    ) throws -> LedgerConflicts? {
        let claim = try LedgerFixture.claim(places, again: again)
        var start = try LedgerFixture.start(name)
        start.again = again.isEmpty ? nil : "a broken board"
        switch try reserve(start, [claim]) {
        case .reserved: return nil
        case .refused(let conflicts): return conflicts
        }
    }

    func issue(_ name: String) throws {
        try issue(try #require(RunIdentifier(name)), LedgerFixture.completion)
    }

    @discardableResult
    func void(_ name: String) throws -> LedgerRun.State {
        try void(try #require(RunIdentifier(name)), .init(reason: "a test")).state
    }

    func run(_ name: String) throws -> LedgerRun { try run(try #require(RunIdentifier(name))) }

    /// The numbers of a run, by place.
    func places(_ name: String) throws -> [ClosedRange<UInt64>] {
        var places: [ClosedRange<UInt64>] = []
        try forEachRange(of: try #require(RunIdentifier(name))) {
            places.append($0.range.first.place...$0.range.last.place)
        }
        return places
    }

    func rowCount() throws -> Int {
        try read { database, _ in try Int.fetchOne(database, sql: "SELECT count(*) FROM serial_numbers") ?? -1 }
    }
}
