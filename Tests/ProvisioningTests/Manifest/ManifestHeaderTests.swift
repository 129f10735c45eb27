import Testing

@testable import Provisioning

/// The header row, and `--map`.
struct ManifestHeaderTests {
    private static let row = ManifestFixture.row(1)

    static let faults: [(String, [String])] = [
        ("device_id\nA\n", ["m.csv:1: error: ksn: missing column"]),
        (
            "serial,number\n\(row)\n",
            ["m.csv:1: error: device_id: missing column", "m.csv:1: error: ksn: missing column"]
        ),
        ("\ndevice_id,ksn,ksn\nA\n", ["m.csv:2: error: ksn: expected one such column, found it at 2 and 3"]),
        (
            "device_id,ksn,slot,model,slot\nA\n",
            ["m.csv:1: error: slot: expected one such column, found it at 3 and 5"]
        ),
        (" device_id,ksn\nA\n", ["m.csv:1: error: device_id: missing column"]),
        ("device_id,ksn\"\nA\n", ["m.csv:1: error: quote inside a field that does not begin with one"]),
    ]

    @Test(arguments: faults)
    func refuses(_ text: String, _ expected: [String]) throws {
        #expect(try ManifestFixture(text).messages() == expected)
        #expect(try !ManifestFixture(text).check().mayKeepGoing)
    }

    @Test func hintsAtANameThatIsNearlyRight() throws {
        let result = try ManifestFixture("Device ID,ksn\n\(Self.row)\n").check()
        #expect(
            result.diagnostics.kept.map(\.hint) == [
                "the header has 'Device ID'; names must match exactly, or give --map"
            ])
    }

    @Test func namesIgnoredColumnsInOneNotice() throws {
        let manifest = ManifestFixture(rows: ["x,\(Self.row),,"], header: "\u{FEFF}a\u{1B}b,device_id,ksn,,note")
        #expect(try manifest.messages() == ["m.csv:1: notice: ignored columns: 'a\\x1Bb', '', 'note'"])
        let wide = ManifestFixture(
            rows: [Self.row + String(repeating: ",", count: 25)],
            header: "device_id,ksn," + (1...25).map { "c\($0)" }.joined(separator: ","))
        let message = try #require(wide.messages().first)
        #expect(message.hasSuffix("'c19', 'c20' and 5 more"))
    }

    @Test func readsMappedColumns() throws {
        var manifest = ManifestFixture(rows: ["\(Self.row),V1"], header: "Serial,Number,label")
        manifest.mappings = [
            ColumnMapping(ours: .deviceIdentifier, theirs: "Serial"),
            ColumnMapping(ours: .keySerialNumber, theirs: "Number"), ColumnMapping(ours: .model, theirs: "label"),
        ]
        #expect(try manifest.messages() == [])
        // A column that was given another meaning no longer has its own.
        #expect(try manifest.provision().map(\.texts) == [["", "V1", "", ""]])
        manifest.mappings.append(ColumnMapping(ours: .slot, theirs: "Slot No"))
        #expect(try manifest.messages() == ["m.csv:1: error: slot: missing column, expected it as 'Slot No'"])
    }

    @Test func refusesToReadARequiredColumnThatWasMappedAway() throws {
        var manifest = ManifestFixture(rows: [Self.row])
        manifest.mappings = [ColumnMapping(ours: .label, theirs: "ksn")]
        #expect(try manifest.messages() == ["m.csv:1: error: ksn: missing column"])
    }

    @Test func parsesMappings() throws {
        #expect(
            try ColumnMapping<ManifestColumn>(pair: "ksn=a=b") == ColumnMapping(ours: .keySerialNumber, theirs: "a=b"))
        for text in ["ksn", "=x", "ksn=", ""] {
            #expect(throws: ColumnMappingError.notAPair) { try ColumnMapping<ManifestColumn>(pair: text) }
        }
        let names = ManifestColumn.allCases.map(\.rawValue)
        #expect(throws: ColumnMappingError.unknownColumn("KSN", expected: names)) {
            try ColumnMapping<ManifestColumn>(pair: "KSN=x")
        }
        #expect(
            ColumnMappingError.unknownColumn("x", expected: names).description
                .hasPrefix("expected one of device_id, ksn, quantity"))
    }
}
