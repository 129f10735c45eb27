import Testing

@testable import Provisioning

/// Records, lines and fields: what the reader says and on which line.
struct ManifestRecordTests {
    private static let good = ManifestFixture.row(1)

    static let cases: [(String, [String])] = [
        ("device_id,ksn\n" + good + "\n", []),
        ("device_id,ksn\n" + good, []),
        ("device_id,ksn\r\n" + good + "\r\n", []),
        ("\u{FEFF}device_id,ksn\n" + good + "\n", []),
        ("\n\r\n\ndevice_id,ksn\n\n\n\(good)\n\r\n", []),
        ("ksn,device_id\n\(ManifestFixture.ksn(1)),\"TERM-1\"\n", []),
        ("", ["m.csv:1: error: expected a header row, found no record"]),
        ("\n\n\n", ["m.csv:3: error: expected a header row, found no record"]),
        ("device_id,ksn\n", ["m.csv:1: error: expected at least one device, found none"]),
        ("\ndevice_id,ksn\n\n\n", ["m.csv:2: error: expected at least one device, found none"]),
        // Blank lines and quoted line ends count.
        (
            "device_id,ksn,note\n\n\(good),\"a\nb\r\nc\"\n\nX,12,\n",
            [
                "m.csv:1: notice: ignored column: 'note'",
                "m.csv:7: error: ksn: expected 20 hexadecimal digits, since key 'acme' is a TDES key, found 2",
            ]
        ),
        ("device_id,ksn\nA\n\(good)\n", ["m.csv:2: error: expected 2 fields, found 1"]),
        ("device_id,ksn\n\(good),x\n", ["m.csv:2: error: expected 2 fields, found 3"]),
        ("device_id,ksn\n \n\(good)\n", ["m.csv:2: error: expected 2 fields, found 1"]),
        ("device_id,ksn\nA\rB,12\n\(good)\n", ["m.csv:2: error: carriage return without a line feed"]),
        ("device_id,ksn\n\r\r\n\(good)\n", ["m.csv:2: error: carriage return without a line feed"]),
        ("device_id,ksn\n\(good)\r", ["m.csv:2: error: carriage return without a line feed"]),
        ("device_id,ksn\r\(good)\r", ["m.csv:1: error: carriage return without a line feed"]),
        ("device_id,ksn,note\n\(good),\"a\rb\"\n", ["m.csv:1: notice: ignored column: 'note'"]),
        (
            "device_id,ksn\nA\"B,12\n\(good)\nX\n",
            [
                "m.csv:2: error: quote inside a field that does not begin with one",
                "m.csv:4: error: expected 2 fields, found 1",
            ]
        ),
        (
            "device_id,ksn\n\"A\"B,12\n\(good)\nX\n",
            [
                "m.csv:2: error: text after a closing quote, expected a comma or the end of the line",
                "m.csv:4: error: expected 2 fields, found 1",
            ]
        ),
        (
            "device_id,ksn\n\"A,1\n\"B\",2\nX\n",
            [
                "m.csv:2: error: text after the closing quote on line 3, expected a comma or the end of the line",
                "m.csv:4: error: expected 2 fields, found 1",
            ]
        ),
        ("device_id,ksn\n\(good)\n\"A,12\nB\nC\n", ["m.csv:3: error: quote is not closed"]),
        ("device_id,ksn\n\(good)\n\"A,12", ["m.csv:3: error: quote is not closed"]),
        ("\"device_id,ksn\n\(good)\n", ["m.csv:1: error: quote is not closed"]),
        ("device_id,ksn\nA\0,12\n", ["m.csv:2: error: device_id: byte 2 is NUL, expected text"]),
        ("device_id,ks\0n\n", ["m.csv:1: error: column 2: byte 3 is NUL, expected text"]),
        // Blanks are part of a field.
        (
            "device_id,ksn\nA ,\(ManifestFixture.ksn(1))\n",
            [
                "m.csv:2: error: device_id: expected letters, digits, '.', '_' or '-', found a blank at character 2"
            ]
        ),
    ]

    @Test(arguments: cases)
    func says(_ text: String, _ expected: [String]) throws {
        for capacity in [1, 3, 4096] {
            #expect(try ManifestFixture(text).messages(capacity: capacity) == expected)
        }
    }

    @Test func refusesBytesThatAreNotUTF8() throws {
        var manifest = ManifestFixture("device_id,ksn,note\n")
        manifest.bytes += Array("\(Self.good),".utf8) + [0xC3, 0x28, 0x0A]
        manifest.bytes += Array("TERM-2,\(ManifestFixture.ksn(2)),\u{E9}\n".utf8)
        #expect(
            try manifest.messages() == [
                "m.csv:1: notice: ignored column: 'note'",
                "m.csv:2: error: note: expected UTF-8, found other bytes",
            ])
        let utf16 = ManifestFixture(bytes: [0xFF, 0xFE] + "device_id\n".utf8.flatMap { [$0, 0] })
        let diagnostic = try #require(utf16.check().diagnostics.kept.first)
        #expect(diagnostic.hint == "the file may be UTF-16; save it as UTF-8")
    }

    @Test(arguments: [4095, 4096, 4097])
    func limitsFields(_ count: Int) throws {
        let note = String(repeating: "x", count: count)
        let manifest = ManifestFixture(rows: [Self.good + "," + note], header: "device_id,ksn,note")
        let quoted = ManifestFixture(rows: [Self.good + ",\"" + note + "\""], header: "device_id,ksn,note")
        let expected = count > 4096 ? ["m.csv:2: error: note: expected at most 4096 bytes, found 4097"] : []
        #expect(try manifest.messages().dropFirst() == expected[...])
        #expect(try quoted.messages().dropFirst() == expected[...])
    }

    /// Two good fields and 20 more whose bytes, with commas, make up a record of the given length.
    private static func record(_ count: Int, lineBreaks: Bool) -> String {
        let rest = count - good.utf8.count - 20
        let (each, last) = (rest / 20, rest / 20 + rest % 20)
        var fields = Array(repeating: String(repeating: "x", count: each), count: 19)
        fields.append(String(repeating: "x", count: last))
        if lineBreaks { fields[0] = "\"" + String(repeating: "\n", count: each - 2) + "\"" }
        return good + "," + fields.joined(separator: ",")
    }

    @Test(arguments: [65_535, 65_536, 65_537], [false, true])
    func limitsRecords(_ count: Int, lineBreaks: Bool) throws {
        let names = (1...20).map { "c\($0)" }.joined(separator: ",")
        let manifest = ManifestFixture(
            rows: [
                ManifestFixture.row(2, String(repeating: ",", count: 20)), Self.record(count, lineBreaks: lineBreaks),
            ],
            header: "device_id,ksn,\(names)")
        let expected = count > 65_536 ? ["m.csv:3: error: record is longer than 65536 bytes"] : []
        let result = try manifest.check()
        #expect(result.diagnostics.kept.filter { $0.severity == .error }.map(\.description).map(firstLine) == expected)
        #expect(result.mayKeepGoing == (count <= 65_536))
    }

    private func firstLine(_ text: String) -> String { String(text.prefix { $0 != "\n" }) }

    @Test func endsReadingAtAQuoteThatIsNeverClosed() throws {
        let line = String(repeating: "y", count: 99) + "\n"
        let manifest = ManifestFixture(
            "device_id,ksn\n\(Self.good)\n\"A,12\n" + String(repeating: line, count: 100_000))
        #expect(try manifest.messages() == ["m.csv:3: error: quote is not closed"])
        #expect(try !manifest.check().mayKeepGoing)
    }

    @Test func limitsDevicesAndLines() throws {
        var manifest = ManifestFixture(rows: (1...5).map { ManifestFixture.row($0) })
        manifest.limits.deviceCount = 5
        #expect(try manifest.messages().isEmpty)
        manifest.limits.deviceCount = 4
        #expect(try manifest.messages() == ["m.csv:6: error: more than 4 devices"])
        manifest.limits.deviceCount = 5
        manifest.limits.lineCount = 6
        #expect(try manifest.messages().isEmpty)
        manifest.limits.lineCount = 5
        #expect(try manifest.messages() == ["m.csv:5: error: more than 5 lines"])
    }

    @Test func readsTheSameWhateverTheBlocks() throws {
        var manifest = ManifestFixture(
            rows: (1...50).map { ManifestFixture.row($0, ",\"a\r\n\"\"b\"\r") }, header: "device_id,ksn,note")
        manifest.bytes += Array("\"".utf8)
        let expected = try manifest.messages()
        #expect(expected == ["m.csv:1: notice: ignored column: 'note'", "m.csv:102: error: quote is not closed"])
        for count in [1, 2, 7, 64] {
            manifest.limits.blockByteCount = count
            #expect(try manifest.messages() == expected)
        }
    }
}
