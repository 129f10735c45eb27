import Dispatch
import PaymentCrypto
import Synchronization
import Testing

@testable import Facility

/// The rules for runs and their serial numbers.
@Suite struct LedgerTests {
    let fixture: LedgerFixture
    let ledger: Ledger

    init() throws {
        fixture = try LedgerFixture()
        ledger = try fixture.open()
    }

    @Test func aMillionNeighboursAreOneRow() throws {
        #expect(try ledger.reserve("a", 1_000_000..<2_000_000) == nil)
        #expect(try ledger.rowCount() == 1)
        #expect(try ledger.places("a") == [1_000_000...1_999_999])
        #expect(try ledger.run("a").numbers == [.init(baseKey: try LedgerFixture.key(), count: 1_000_000, reissued: 0)])
    }

    @Test func conflictsNameTheNumberAndTheEarlierRun() throws {
        try ledger.reserve("a", 10..<20)
        try ledger.reserve("b", 30..<40)
        let conflicts = try #require(try ledger.reserve("c", [5, 18, 19, 25, 31]))
        #expect(conflicts.count == 3)
        #expect(conflicts.runs.map(\.description) == ["a", "b"])
        #expect(conflicts.first.map(\.number.place) == [18, 19, 31])
        #expect(conflicts.parts.map(\.numbers) == [LedgerFixture.set([18, 19]), LedgerFixture.set([31])])
        let key = try LedgerFixture.key()
        #expect(conflicts.run(having: LedgerFixture.number(31), under: key)?.description == "b")
        #expect(conflicts.run(having: LedgerFixture.number(5), under: key) == nil)
        #expect(conflicts.first.map(\.run.description) == ["a", "a", "b"])
        #expect(conflicts.first.allSatisfy { $0.state == .reserved })
        #expect(conflicts.numbers == [try LedgerFixture.key(): LedgerFixture.set([18, 19, 31])])
        // Nothing of the third run is there, not even its name.
        #expect(throws: FacilityError.self) { try ledger.run("c") }
        #expect(try ledger.reserve("c", [5, 25]) == nil)
    }

    @Test func onlyTheFirstConflictsAreToldButAllAreCounted() throws {
        try ledger.reserve("a", 0..<1_000_000)
        let claim = try LedgerFixture.claim(500_000..<1_500_000)
        guard case .refused(let conflicts) = try ledger.reserve(try LedgerFixture.start("b"), [claim], telling: 3)
        else {
            Issue.record("reserved twice")
            return
        }
        #expect(conflicts.first.map(\.number.place) == [500_000, 500_001, 500_002])
        #expect(conflicts.count == 500_000)
    }

    @Test func aReconciliationThatHasNotSeenTheOneBeforeIsRefused() throws {
        try ledger.reserve("a", 0..<10)
        let run = try #require(RunIdentifier("a"))
        try ledger.issue(run, .init(ended: "", issued: 10))
        let digest = try #require(SHA256Digest(bytes: Array(0..<32)))
        let reconciliation = LedgerRun.Reconciliation(
            returned: .init(name: "back.csv", sha256: digest), counts: .init())
        try ledger.reconcile(run, reconciliation, after: 0)
        #expect(throws: FacilityError.ledger(.reconciledMeanwhile(run))) {
            try ledger.reconcile(run, reconciliation, after: 0)
        }
        try ledger.reconcile(run, reconciliation, after: 1)
        #expect(try ledger.run(run).reconciliations.count == 2)
    }

    @Test func theKeyIsKnownByItsFingerprint() throws {
        try ledger.reserve("a", 0..<10)
        let other = try LedgerFixture.claim(0..<10, key: 1)
        guard case .reserved = try ledger.reserve(try LedgerFixture.start("b"), [other]) else {
            Issue.record("another key's numbers were taken for this one's")
            return
        }
        #expect(try ledger.hasIssued(try LedgerFixture.key()))
        #expect(try !ledger.hasIssued(try LedgerFixture.key(2)))
        #expect(try ledger.runs(under: try LedgerFixture.key(1)).map(\.identifier.description) == ["b"])
        #expect(try ledger.issues(of: LedgerFixture.number(3)).map(\.run.description) == ["a", "b"])
        #expect(
            try ledger.issues(of: LedgerFixture.number(3), under: try LedgerFixture.key(1)).map(\.run.description)
                == ["b"])
    }

    @Test func aRunThatNeverEndedGivesItsNumbersBack() throws {
        try ledger.reserve("a", 0..<10)
        #expect(try ledger.void("a") == .released)
        #expect(try !ledger.hasIssued(try LedgerFixture.key()))
        #expect(try ledger.reserve("b", 0..<10) == nil)
        #expect(try ledger.run("a").voiding?.reason == "a test")
        #expect(try ledger.issues(of: LedgerFixture.number(0)).map(\.state) == [.released, .reserved])
    }

    @Test func aRunThatEndedKeepsItsNumbersForEver() throws {
        try ledger.reserve("a", 0..<10)
        try ledger.issue("a")
        #expect(try ledger.void("a") == .retired)
        #expect(try ledger.reserve("b", 9..<12)?.count == 1)
        #expect(throws: FacilityError.self) { try ledger.void("a") }
        #expect(throws: FacilityError.self) { try ledger.issue("a") }
        // Not even for the same device.
        #expect(try ledger.reserve("b", [], again: [3])?.count == 1)
    }

    @Test func outputThatTheLedgerDoesNotKnowOfRetires() throws {
        try ledger.reserve("a", 0..<10)
        let run = try #require(RunIdentifier("a"))
        #expect(try ledger.void(run, .init(reason: "found it"), outputExists: true).state == .retired)
    }

    @Test func whatIsIssuedAgainSaysSoForEver() throws {
        try ledger.reserve("a", 0..<10)
        #expect(try ledger.reserve("b", [20], again: [3, 4])?.count == 2)
        try ledger.issue("a")
        #expect(try ledger.reserve("b", [20], again: [3, 4]) == nil)
        try ledger.issue("b")
        #expect(try ledger.reserve("c", [], again: [4]) == nil)
        let issues = try ledger.issues(of: LedgerFixture.number(4))
        #expect(issues.map(\.run.description) == ["a", "b", "c"])
        #expect(issues.map(\.isReissued) == [false, true, true])
        #expect(try ledger.run("b").numbers.map(\.reissued) == [2])
        let conflicts = try #require(try ledger.reserve("d", [4]))
        #expect(conflicts.first.map(\.run.description) == ["a"])
        #expect(conflicts.count == 1)
    }

    @Test func whatWasNotIssuedIsNotIssuedAgain() throws {
        try ledger.reserve("a", 0..<10)
        try ledger.issue("a")
        #expect(throws: FacilityError.ledger(.notIssued(LedgerFixture.number(10)))) {
            try ledger.reserve("b", [], again: [9, 10])
        }
        #expect(throws: FacilityError.self) { try ledger.run("b") }
    }

    @Test func whatTheCallerHasToSeeToIsSeenTo() throws {
        let start = try LedgerFixture.start("a")
        let claim = try LedgerFixture.claim([1])
        #expect(throws: FacilityError.self) { try ledger.reserve(start, [claim, claim]) }
        #expect(throws: FacilityError.self) { try ledger.reserve(start, [try LedgerFixture.claim([], again: [1])]) }
        #expect(try ledger.head() == .empty)
    }

    @Test func aSingleExportIsIssuedAtOnce() throws {
        var start = try LedgerFixture.start("e")
        start.kind = .export
        let (claim, completion) = (try LedgerFixture.claim([7]), LedgerFixture.completion)
        guard case .reserved = try ledger.export(start, claim, completion) else {
            Issue.record("the first export was refused")
            return
        }
        #expect(try ledger.run("e").state == .issued)
        #expect(try ledger.run("e").completion == completion)
        start.identifier = try #require(RunIdentifier("f"))
        guard case .refused(let conflicts) = try ledger.export(start, claim, completion) else {
            Issue.record("exported twice")
            return
        }
        #expect(conflicts.first.map(\.run.description) == ["e"])
    }

    @Test func devicesWithoutAKeyAreFreed() throws {
        try ledger.reserve("a", 0..<100)
        let run = try #require(RunIdentifier("a"))
        let freed = [try LedgerFixture.key(): LedgerFixture.set([0, 50, 51, 99, 200])]
        try ledger.issue(run, LedgerFixture.completion, freeing: freed)
        #expect(try ledger.places("a") == [1...49, 52...98])
        #expect(try ledger.run("a").numbers.map(\.count) == [96])
        #expect(try ledger.reserve("b", [0, 50, 51, 99, 200]) == nil)
        try ledger.verify()
    }

    @Test func everythingIsKept() throws {
        var start = try LedgerFixture.start("a")
        start.note = "late shift \u{1F680}, \"quoted\"\n"
        start.again = "broken board"
        start.manifest = .init(name: "m.csv", sha256: try #require(SHA256Digest(bytes: Array(0..<32))))
        start.keys = [
            .init(
                role: .baseDerivation, name: "bdk", algorithm: "TDES-2KEY", kcv: "08D7B4",
                fingerprint: try LedgerFixture.key()),
            .init(role: .protection, name: "kbpk", algorithm: "AES-128", kcv: "0102030405"),
        ]
        (start.devices, start.rejected) = (12, 2)
        start.auditHead = AuditHead(String(repeating: "AB", count: 32))
        _ = try ledger.reserve(start, [try LedgerFixture.claim(0..<10)])
        var completion = LedgerFixture.completion
        completion.sums = start.manifest?.sha256
        completion.index = RunIndexSeal(devices: 10, sha256: try #require(completion.sums))
        try ledger.issue(start.identifier, completion)
        let run = try #require(try fixture.open().runs().first)
        #expect(run.start == start)
        #expect(run.completion == completion)
        #expect(run.state == .issued)
        #expect(throws: FacilityError.ledger(.runExists(start.identifier))) { try ledger.reserve("a", [50]) }
    }

    @Test func oneOfTwoAtOnceWins() throws {
        let winners = Mutex(0)
        let fixture = fixture
        let site = fixture.site
        DispatchQueue.concurrentPerform(iterations: 4) { index in
            guard let ledger = try? Ledger.open(site),
                case .none = try? ledger.reserve("run-\(index)", 0..<1000)
            else { return }
            winners.withLock { $0 += 1 }
        }
        #expect(winners.withLock { $0 } == 1)
        #expect(try ledger.runs().count == 1)
        try ledger.verify()
    }

    @Test func theHeadFollowsEveryChange() throws {
        #expect(try ledger.head() == .empty)
        try ledger.reserve("a", 0..<10)
        let first = try ledger.head()
        #expect(first.revision == 1)
        #expect(LedgerHead(first.description) == first)
        try ledger.issue("a")
        #expect(try ledger.head().revision == 2)
        try ledger.check(has: first)
        try ledger.check(has: .empty)
    }

    @Test func anOlderCopyIsTold() throws {
        try ledger.reserve("a", 0..<10)
        let copy = try fixture.test.read("ledger.sqlite")
        try ledger.issue("a")
        let head = try ledger.head()
        try fixture.test.write(copy, to: "ledger.sqlite")
        let older = try fixture.open()
        let found = try older.head()
        #expect(throws: FacilityError.ledger(.rolledBack(path: older.path, expected: head, found: found))) {
            try older.check(has: head)
        }
    }
}

/// Random runs against plain sets.
@Suite struct LedgerPropertyTests {
    private struct Model {
        var state: LedgerRun.State
        var numbers: Set<UInt64>
        var reissued: Set<UInt64>
    }

    @Test(arguments: 0..<12)
    func sameAsPlainSets(seed: UInt64) throws {
        let fixture = try LedgerFixture()
        let ledger = try fixture.open()
        var chance = Chance(seed: seed)
        var runs: [Model] = []
        for step in 0..<40 {
            switch Int.random(in: 0..<6, using: &chance) {
            case 0, 1, 2: try reserve(ledger, "run-\(runs.count)", &runs, &chance)
            case 3: try issue(ledger, &runs, &chance)
            case 4: try void(ledger, &runs, &chance)
            default: try look(ledger, runs, &chance)
            }
            if step % 10 == 0 { try ledger.verify() }
        }
        try ledger.verify()
        for (index, run) in runs.enumerated() {
            let found = try ledger.run("run-\(index)")
            #expect(found.state == run.state)
            #expect(found.numbers.first?.count ?? 0 == run.numbers.count + run.reissued.count)
            #expect(Set(try ledger.places("run-\(index)").joined()) == run.numbers.union(run.reissued))
        }
    }

    /// Crowded at a few places, so that there are conflicts; scattered now and then.
    private func places(_ chance: inout Chance) -> Set<UInt64> {
        if Int.random(in: 0..<5, using: &chance) == 0 { return chance.numbers() }
        let start = UInt64.random(in: 0..<2000, using: &chance)
        let isSparse = Bool.random(using: &chance)
        return Set((start..<start + 150).filter { _ in !isSparse || UInt8.random(in: 0..<8, using: &chance) == 0 })
    }

    private func reserve(_ ledger: Ledger, _ name: String, _ runs: inout [Model], _ chance: inout Chance) throws {
        let wanted = places(&chance)
        let owned = runs.filter { $0.state != .released }.reduce(into: Set<UInt64>()) { $0.formUnion($1.numbers) }
        let issued = runs.filter { $0.state == .issued }.reduce(into: Set<UInt64>()) { $0.formUnion($1.numbers) }
        let unfinished = runs.filter { $0.state == .reserved || $0.state == .retired }
            .reduce(into: Set<UInt64>()) { $0.formUnion($1.numbers.union($1.reissued)) }
        let again = Bool.random(using: &chance) ? wanted.intersection(issued) : []
        let taken = wanted.subtracting(again).intersection(owned).union(again.intersection(unfinished))
        let conflicts = try ledger.reserve(name, wanted, again: again)
        #expect(conflicts?.count ?? 0 == taken.count)
        #expect(conflicts?.numbers.values.first ?? LedgerFixture.set([]) == LedgerFixture.set(taken))
        #expect(
            conflicts?.first.map(\.number.place).sorted() ?? [] == Array(taken.sorted().prefix(100))
                || taken.count > 100)
        for conflict in conflicts?.first ?? [] where !again.contains(conflict.number.place) {
            let owner = try #require(
                runs.firstIndex { $0.state != .released && $0.numbers.contains(conflict.number.place) })
            #expect(conflict.run.description == "run-\(owner)")
        }
        guard conflicts == nil else { return }
        runs.append(Model(state: .reserved, numbers: wanted.subtracting(again), reissued: again))
    }

    private func issue(_ ledger: Ledger, _ runs: inout [Model], _ chance: inout Chance) throws {
        guard let index = runs.indices.filter({ runs[$0].state == .reserved }).randomElement(using: &chance) else {
            return
        }
        let all = runs[index].numbers.union(runs[index].reissued)
        let freed = Bool.random(using: &chance) ? Set(all.filter { $0 % 7 == 0 }) : []
        try ledger.issue(
            try #require(RunIdentifier("run-\(index)")), LedgerFixture.completion,
            freeing: [try LedgerFixture.key(): LedgerFixture.set(freed)])
        runs[index].state = .issued
        runs[index].numbers.subtract(freed)
        runs[index].reissued.subtract(freed)
    }

    private func void(_ ledger: Ledger, _ runs: inout [Model], _ chance: inout Chance) throws {
        let open = runs.indices.filter { runs[$0].state == .reserved || runs[$0].state == .issued }
        guard let index = open.randomElement(using: &chance) else { return }
        runs[index].state = runs[index].state == .reserved ? .released : .retired
        #expect(try ledger.void("run-\(index)") == runs[index].state)
    }

    private func look(_ ledger: Ledger, _ runs: [Model], _ chance: inout Chance) throws {
        for place in places(&chance).union([0]).prefix(20) {
            let expected = runs.indices.filter { runs[$0].numbers.union(runs[$0].reissued).contains(place) }
            let issues = try ledger.issues(of: LedgerFixture.number(place))
            #expect(issues.map(\.run.description) == expected.map { "run-\($0)" })
            #expect(issues.map(\.isReissued) == expected.map { runs[$0].reissued.contains(place) })
        }
        let hasIssued = runs.contains { $0.state != .released && !$0.numbers.union($0.reissued).isEmpty }
        #expect(try ledger.hasIssued(try LedgerFixture.key()) == hasIssued)
    }
}
