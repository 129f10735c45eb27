import PaymentCrypto
import Testing

@testable import Facility

@Suite("Components that wait")
struct WaitingKeyTests {
    let test: TestSite

    init() throws {
        test = try TestSite()
    }

    private static let digits = [
        "11BCA5A6D39DBFDCAD19E611BE130B48", "41CE92F686066A7D5F829230EB0AF381", "51517237DC30184E0C47CEB9234DCAD9",
    ]

    @Test("make the key in any order", arguments: [[1, 2, 3], [3, 1, 2], [2, 3, 1]])
    func anyOrder(order: [Int]) throws {
        let site = try test.make()
        for number in order.dropLast() {
            guard case .waiting = try add(number, to: site) else {
                Issue.record("component \(number) does not wait")
                return
            }
        }
        #expect(try Site(at: test.path).keyring().waiting.first?.missing == order.suffix(1))
        guard case .complete(let entry, let evenParityByteCount) = try add(order[2], to: site) else {
            Issue.record("the key is not there")
            return
        }
        #expect((entry.checkValue, evenParityByteCount) == ("08D7B4", 0))
        #expect(entry.custody.map(\.number) == [1, 2, 3])
        #expect(entry.custody.map(\.checkValue) == ["4EB4A9", "C3F763", "BFA4BF"])
        let keyring = try Site(at: test.path).keyring()
        #expect(keyring.waiting.isEmpty)
        #expect(try keyring.entry(entry.name).custody == entry.custody)
        let key = try site.key(named: entry.name, for: .baseDerivation)
        let expected = try SymmetricKey.test("0123456789ABCDEFFEDCBA9876543210", .tdes2Key)
        let isEqual = key.isEqual(to: expected)
        #expect(isEqual)
    }

    @Test("a single component of a production key is refused, and a published key in the end")
    func production() throws {
        let site = try test.make(.production)
        #expect(throws: FacilityError.policy(.singleComponent)) { _ = try add(1, of: 1, to: site) }
        _ = try add(1, to: site)
        _ = try add(2, to: site)
        #expect(throws: FacilityError.policy(.publishedTestKey)) { _ = try add(3, to: site) }
        #expect(try site.keyring().waiting.first?.missing == [3])
    }

    @Test("names differ neither by case nor by blanks")
    func names() throws {
        let name = try #require(CustodyName("  Alice \t Smith "))
        #expect(name.description == "Alice Smith")
        #expect(name == CustodyName("ALICE smith"))
        #expect(name != CustodyName("Alice Smit"))
    }

    @Test(
        "what is no name",
        arguments: [
            "", " ", "a\u{7}b", "a\u{202E}b", String(repeating: "x", count: 65), "11BCA5A6D39DBFDCAD19E611BE130B48",
            "11bc a5a6 d39d bfdc ad19 e611", "A\u{1B}[2J",
        ])
    func noNames(text: String) {
        #expect(CustodyName(text) == nil)
    }

    @Test("long serial numbers are taken", arguments: ["00340123456789012345", "TEB-2024/000117", "Ærøskøbing 7"])
    func serials(text: String) {
        #expect(CustodyName(text)?.description == text)
    }

    @Test("tags", arguments: ["a=b", "0=x=y", "a.b_c-d=North Bank", String(repeating: "n", count: 32) + "=1"])
    func tags(text: String) {
        #expect(KeyTag(text)?.description == text)
    }

    @Test(
        "what is no tag",
        arguments: [
            "a", "=b", "A=b", "-a=b", "a b=c", "a=é", "a=\u{7}", String(repeating: "n", count: 33) + "=1",
            "a=" + String(repeating: "x", count: 129),
        ])
    func noTags(text: String) {
        #expect(KeyTag(text) == nil)
    }

    @Test("a weak DES half is refused on every way in", arguments: [SiteEnvironment.test, .production])
    func weakHalf(environment: SiteEnvironment) throws {
        let site = try test.make(environment)
        let key = try site.openedTDES("1F1F1F1F0E0E0E0E", "0123456789ABCDEF")
        let new = try UnlockedSite.NewKey("weak", .keyEncryption, .tdes2Key)
        #expect(throws: FacilityError.policy(.weakDESPart)) { _ = try site.add(key, as: new) }
    }

    @Test("a base derivation key from which a device may have its key is removed only when it is retired")
    func removal() throws {
        let site = try test.make()
        let used = try site.add(try SymmetricKey.random(.aes128), as: try UnlockedSite.NewKey("used"))
        let other = try site.add(try SymmetricKey.random(.aes128), as: try UnlockedSite.NewKey("other"))
        let ledger = try Ledger.openOrMake(site.site)
        let number = try KeySerialNumber("1234567890123456", family: .aes).initial
        for (name, entry) in [("kept", used), ("voided", other)] {
            let run = try #require(RunIdentifier(name))
            let claim = LedgerClaim(
                baseKey: try #require(entry.fingerprint), numbers: SerialNumberSet(family: .aes, [number]))
            _ = try ledger.reserve(.init(identifier: run, kind: .run, started: "2026-01-01T00:00:00Z"), [claim])
            if name == "voided" { try ledger.void(run, .init(reason: "nothing was made")) }
        }
        #expect(try site.remove(other.name) == .symmetric)
        #expect(throws: FacilityError.policy(.usedKeyNotRetired(used.name))) { try site.remove(used.name) }
        let retirement = try #require(Retirement(reason: "the end"))
        _ = try site.annotate(used.name) { (annotations) throws(FacilityError) in
            try annotations.retire(used.name, retirement)
        }
        #expect(throws: FacilityError.alreadyRetired(used.name, retirement)) {
            _ = try site.annotate(used.name) { (annotations) throws(FacilityError) in
                try annotations.retire(used.name, retirement)
            }
        }
        #expect(try site.remove(used.name) == .symmetric)
        #expect(
            try test.lastEvent()?.facts.contains { $0.name == "retired" && $0.value.hasSuffix(": the end") } == true)
    }

    @Test("an edited audit log does not let a key go")
    func editedLog() throws {
        let site = try test.make()
        let key = try site.add(try SymmetricKey.random(.aes128), as: try UnlockedSite.NewKey("bdk"))
        var event = AuditEvent("provision")
        event.add(key, as: UnlockedSite.baseKeyRole)
        _ = try site.record(event)
        _ = try site.record(AuditEvent("site set"))
        let log = String(decoding: try test.read("audit.jsonl"), as: UTF8.self)
        try test.write(Array(log.replacing(#""role":"bdk""#, with: #""role":"bdj""#).utf8), to: "audit.jsonl")
        #expect(throws: FacilityError.self) { try site.remove(key.name) }
        #expect(try site.keyring().entries.count == 1)
    }

    private func add(_ number: Int, of count: Int = 3, to site: borrowing UnlockedSite) throws -> ComponentOutcome {
        var line = SecretLine()
        for byte in Self.digits[number - 1].utf8 { _ = line.append(byte) }
        let component = try KeyComponent(line, algorithm: .tdes2Key)
        let new = try UnlockedSite.NewKey("bdk", .baseDerivationKey, .tdes2Key)
        let plan = ComponentPlan(
            name: new.name, algorithm: .tdes2Key, number: number, of: count, header: new.header,
            expectedCheckValue: nil)
        return try site.add(
            component, as: plan,
            custody: CustodyRecord(
                number: number, custodian: CustodyName("custodian \(number)"), bag: nil,
                checkValue: try component.checkValue().description))
    }
}

extension UnlockedSite {
    /// A TDES key that no component ceremony would give, taken in by the way of a component that waits.
    fileprivate func openedTDES(_ left: String, _ right: String) throws -> SymmetricKey {
        var line = SecretLine()
        for byte in (left + right).utf8 { _ = line.append(byte) }
        let component = try KeyComponent(line, algorithm: .tdes2Key)
        let protection = try keyBlockProtectionKey()
        let header = KeyBlockHeader(version: .d, keyUsage: .keyEncryption, algorithm: KeyBlockAlgorithm(.tdes2Key))
        let block = try component.withKey { key in try KeyBlock.wrap(key, header: header, under: protection) }
        return try KeyBlock.open(block, under: protection, strictness: .lenient).takeKey()
    }
}
