import Testing

@testable import Provisioning

/// Duplicates: in both rows, with the other's line.
struct ManifestDuplicateTests {
    private static let header = "device_id,ksn,bdk,slot,quantity"

    static let cases: [([String], [String])] = [
        // Serial numbers that differ in the counter, and in the case of their digits.
        (
            ["A,FFFF9876540000200000,,,", "B,FFFF9876540000400000,,,", "C,ffff987654000020001f,,,"],
            [
                "m.csv:2: error: ksn: same initial key serial number FFFF9876540000200000 as on line 4",
                "m.csv:4: error: ksn: same initial key serial number FFFF9876540000200000 as on line 2",
                "m.csv:4: notice: ksn: 1 key serial number has a counter that is not zero; it is cleared",
            ]
        ),
        // Three of a kind: all but the first name the first.
        (
            ["A,\(ManifestFixture.ksn(1)),,,", "a,\(ManifestFixture.ksn(2)),,,", "A,\(ManifestFixture.ksn(3)),,,"],
            [
                "m.csv:2: error: device_id: same device_id as on line 3: 'A'",
                "m.csv:3: error: device_id: same device_id as on line 2: 'a'",
                "m.csv:4: error: device_id: same device_id as on line 2: 'A'",
            ]
        ),
        // Slots make them different, also from none.
        (
            [
                "A,\(ManifestFixture.ksn(1)),,,", "A,\(ManifestFixture.ksn(2)),,x,", "A,\(ManifestFixture.ksn(3)),,y,",
                "a,\(ManifestFixture.ksn(4)),,X,",
            ],
            [
                "m.csv:3: error: device_id: same device_id and slot as on line 5: 'A'",
                "m.csv:5: error: device_id: same device_id and slot as on line 3: 'a'",
            ]
        ),
        // Two names of one key are one; another key is another.
        (
            [
                "A,\(ManifestFixture.ksn(1)),acme,,", "B,\(ManifestFixture.ksn(1)),other,,",
                "C,\(ManifestFixture.ksn(1)),acme-again,,",
            ],
            [
                "m.csv:2: error: ksn: same initial key serial number FFFF9876540000200000 as on line 4",
                "m.csv:4: error: ksn: same initial key serial number FFFF9876540000200000 as on line 2",
            ]
        ),
        (
            ["A,1234567890123456,aes,,", "B,123456789012345600000000,aes,,"],
            [
                "m.csv:2: error: ksn: same initial key serial number 123456789012345600000000 as on line 3",
                "m.csv:3: error: ksn: same initial key serial number 123456789012345600000000 as on line 2",
            ]
        ),
        // Inside quantity rows, whichever comes first.
        (
            [
                "A{n},\(ManifestFixture.ksn(10)),,,8", "B,\(ManifestFixture.ksn(17)),,,",
                "a3,\(ManifestFixture.ksn(3)),,,",
            ],
            [
                "m.csv:2: error: device_id: same device_id as on line 4: 'A3'",
                "m.csv:2: error: ksn: same initial key serial number FFFF9876540002200000 as on line 3",
                "m.csv:3: error: ksn: same initial key serial number FFFF9876540002200000 as on line 2",
                "m.csv:4: error: device_id: same device_id as on line 2: 'a3'",
            ]
        ),
        (
            ["A{n},\(ManifestFixture.ksn(1)),,,10", "B{n:02},\(ManifestFixture.ksn(10)),,,10"],
            [
                "m.csv:2: error: ksn: same initial key serial number FFFF9876540001400000 as on line 3",
                "m.csv:3: error: ksn: same initial key serial number FFFF9876540001400000 as on line 2",
            ]
        ),
        // A row that is bad for another reason takes part.
        (
            ["A,\(ManifestFixture.ksn(1)),,+,", "B,\(ManifestFixture.ksn(1)),,,"],
            [
                "m.csv:2: error: slot: expected letters or digits, found '+' at character 1",
                "m.csv:2: error: ksn: same initial key serial number FFFF9876540000200000 as on line 3",
                "m.csv:3: error: ksn: same initial key serial number FFFF9876540000200000 as on line 2",
            ]
        ),
    ]

    @Test(arguments: cases)
    func finds(_ rows: [String], _ expected: [String]) throws {
        let manifest = ManifestFixture(rows: rows, header: Self.header)
        for capacity in [1, 3, 4096] {
            #expect(try manifest.messages(capacity: capacity) == expected)
        }
    }

    @Test func rejectsTheSameRowsInTheSecondPass() throws {
        let rows = Self.cases[5].0 + [ManifestFixture.row(100, ",,,")]
        let manifest = ManifestFixture(rows: rows, header: Self.header)
        for capacity in [1, 3, 4096] {
            let devices = try manifest.provision(capacity: capacity)
            #expect(devices.filter { $0.status == .accepted }.map(\.name) == ["TERM-100"])
            let rejected = devices.filter { $0.status == .rejected }
            #expect(rejected.map(\.line) == [2, 3, 4])
            #expect(
                rejected.first?.reason == "ksn: same initial key serial number FFFF9876540002200000 as on line 3; "
                    + "device_id: same device_id as on line 4: 'A3'"
                    || rejected.first?.reason == "device_id: same device_id as on line 4: 'A3'; "
                        + "ksn: same initial key serial number FFFF9876540002200000 as on line 3"
            )
            #expect(devices.filter { $0.status == .inRejectedRow }.count == 7)
            let result = try manifest.check(capacity: capacity)
            #expect(result.rejectedRowCount == 3)
            #expect(result.acceptedDeviceCount == 1)
        }
    }

    @Test func findsAllAcrossManyChunks() throws {
        let rows = (1...3000).map { ManifestFixture.row($0) } + (1...3000).map { ManifestFixture.row($0) }
        let result = try ManifestFixture(rows: rows).check(capacity: 256)
        #expect(result.rejectedRowCount == 6000)
        #expect(result.diagnostics.errorCount == 12_000)
        #expect(result.diagnostics.kept.count == 100)
        #expect(result.diagnostics.omittedCount == 11_900)
        #expect(result.diagnostics.kept.first?.message.hasSuffix("as on line 3002") == true)
    }

    @Test func streamsAllInOrder() throws {
        let rows = (1...500).map {
            $0.isMultiple(of: 2) ? ManifestFixture.row(1) : "-,\(ManifestFixture.ksn(UInt64($0)))"
        }
        var streamed: [Diagnostic] = []
        let result = try ManifestFixture(rows: rows).check(capacity: 7) { streamed.append($0) }
        #expect(streamed.count == result.diagnostics.errorCount)
        #expect(streamed.compactMap(\.line) == streamed.compactMap(\.line).sorted())
        #expect(Array(streamed.prefix(100)) == result.diagnostics.kept)
        #expect(Set(streamed.map(\.line)).count == 500)
    }

    @Test func streamsWithoutDuplicatesToo() throws {
        let rows = (1...300).map { "-,\(ManifestFixture.ksn(UInt64($0)))" } + ["A,FFFF987654FFFFE00001"]
        var streamed: [Diagnostic] = []
        let result = try ManifestFixture(rows: rows).check(capacity: 7) { streamed.append($0) }
        #expect(streamed.filter { $0.severity == .error }.count == 300)
        #expect(streamed.last?.severity == .notice)
        #expect(result.diagnostics.kept.count == 101)
    }

    /// Candidates that only share a key are no duplicates.
    @Test func tellsCollisionsFromDuplicates() throws {
        let column = KeyColumn()
        for key: UInt64 in [5, 7, 5, 5, 5, 9] { try column.append(key) }
        let table = try DuplicateTable(column)
        #expect(table.hasCandidate(5) && !table.hasCandidate(7) && !table.hasCandidate(9))
        #expect(table.confirm(5, check: 1, line: 10) == nil)
        #expect(table.confirm(5, check: 2, line: 11) == nil)
        #expect(table.confirm(5, check: 2, line: 12) == 11)
        #expect(table.otherLine(5, check: 1, line: 10) == nil)
        #expect(table.otherLine(5, check: 2, line: 11) == 12)
        #expect(table.confirm(5, check: 1, line: 13) == 10)
        #expect(table.otherLine(5, check: 1, line: 13) == 10)
    }

    @Test func sortsKeys() throws {
        var generator = SplitMix(state: 1)
        let column = KeyColumn()
        var numbers = (0..<70_000).map { _ in generator.next() }
        numbers += numbers.prefix(1000)
        for number in numbers { try column.append(number) }
        try column.keepDuplicates()
        #expect(Array(column.values) == numbers.prefix(1000).sorted())
        #expect(column.index(of: numbers[0]) != nil)
        #expect(column.index(of: numbers[2000]) == nil)
    }
}
