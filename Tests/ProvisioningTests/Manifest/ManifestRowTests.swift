import Testing

@testable import Provisioning

/// The rules for cells: design.md 5's table, each with the exact message.
struct ManifestRowTests {
    private static let ksn = ManifestFixture.ksn(1)
    private static let aesKSN = "123456789ABCDEF000000000"

    /// Header, row, expected message without place, expected hint.
    static let faults: [(String, String, String, String?)] = [
        ("device_id,ksn", ",\(ksn)", "device_id: expected 1 to 64 characters, found none", nil),
        ("device_id,ksn", "-A,\(ksn)", "device_id: expected a letter or digit first, found '-'", nil),
        ("device_id,ksn", ".,\(ksn)", "device_id: expected a letter or digit first, found '.'", nil),
        (
            "device_id,ksn", "../../etc,\(ksn)",
            "device_id: expected letters, digits, '.', '_' or '-', found '/' at character 3", nil
        ),
        (
            "device_id,ksn", "A\\B,\(ksn)",
            "device_id: expected letters, digits, '.', '_' or '-', found '\\' at character 2", nil
        ),
        (
            "device_id,ksn", "\u{E4}B,\(ksn)",
            "device_id: expected letters, digits, '.', '_' or '-', found byte C3 at character 1", nil
        ),
        (
            "device_id,ksn", "A{n},\(ksn)",
            "device_id: expected letters, digits, '.', '_' or '-', found '{' at character 2", "{n} needs a quantity"
        ),
        (
            "device_id,ksn", String(repeating: "A", count: 65) + ",\(ksn)",
            "device_id: expected at most 64 characters, found 65", nil
        ),
        (
            "device_id,ksn", "A,", "ksn: expected 20 hexadecimal digits, since key 'acme' is a TDES key, found 0", nil
        ),
        ("device_id,ksn", "A,FFFF987654000020000G", "ksn: character 20 is not a hexadecimal digit", nil),
        ("device_id,ksn", "A, \(ksn)", "ksn: character 1 is not a hexadecimal digit", nil),
        (
            "device_id,ksn", "A,\(aesKSN)",
            "ksn: expected 20 hexadecimal digits, since key 'acme' is a TDES key, found 24",
            "24 digits are an AES key serial number; the row may need another bdk"
        ),
        (
            "device_id,ksn", "A,1234567890123456",
            "ksn: expected 20 hexadecimal digits, since key 'acme' is a TDES key, found 16",
            "16 digits are an AES initial key ID, or an 8-byte TDES number for --ksn-padding left-f"
        ),
        (
            "device_id,ksn,bdk", "A,\(ksn),aes",
            "ksn: expected 24 or 16 hexadecimal digits, since key 'aes' is an AES key, found 20",
            "20 digits are a TDES key serial number; the row may need another bdk"
        ),
        (
            "device_id,ksn,bdk", "A,FFFF1234560000200000,bound",
            "ksn: expected FFFF987654 first, as block BI of key 'bound' says, found FFFF123456", nil
        ),
        (
            "device_id,ksn,bdk", "A,12345679FFFFFFFF,aes-bound",
            "ksn: expected 12345678 first, as block BI of key 'aes-bound' says, found 12345679", nil
        ),
        ("device_id,ksn,bdk", "A,\(ksn),nobody", "bdk: no key named 'nobody'", nil),
        ("device_id,ksn,bdk", "A,\(ksn),acm", "bdk: no key named 'acm'", nil),
        (
            "device_id,ksn,bdk", "A,\(ksn),0123456789ABCDEFFEDCBA9876543210",
            "bdk: no key named 32 hexadecimal digits (not shown)", nil
        ),
        ("device_id,ksn,bdk", "A,\(ksn),a\u{1B}[31m", "bdk: no key named 'a\\x1B[31m'", nil),
        (
            "device_id,ksn,bdk", "A,\(ksn),kek", "bdk: expected usage B0 with mode X, found K0 with mode B", nil
        ),
        ("device_id,ksn,kbpk", "A,\(ksn),nobody", "kbpk: no key named 'nobody'", nil),
        ("device_id,ksn,kbpk", "A,\(ksn),acme", "kbpk: expected usage K0 or K1, found B0", nil),
        ("device_id,ksn,bdk,kbpk", "A,\(aesKSN),aes,weak", "kbpk: weaker than the key it would wrap", nil),
        ("device_id,ksn,profile", "A,\(ksn),p400", "profile: no profile named 'p400'", nil),
        ("device_id,ksn,model", "A,\(ksn),=1+1", "model: must not begin with =, +, - or @, found '='", nil),
        ("device_id,ksn,model", "A,\(ksn),+1", "model: must not begin with =, +, - or @, found '+'", nil),
        ("device_id,ksn,label", "A,\(ksn),-1", "label: must not begin with =, +, - or @, found '-'", nil),
        ("device_id,ksn,label", "A,\(ksn),@A1", "label: must not begin with =, +, - or @, found '@'", nil),
        (
            "device_id,ksn,label", "A,\(ksn),caf\u{E9}",
            "label: expected printable ASCII characters, found byte C3 at character 4", nil
        ),
        (
            "device_id,ksn,model", "A,\(ksn),\"a\tb\"",
            "model: expected printable ASCII characters, found byte 09 at character 2", nil
        ),
        (
            "device_id,ksn,label", "A,\(ksn)," + String(repeating: "x", count: 65),
            "label: expected at most 64 characters, found 65", nil
        ),
        ("device_id,ksn,slot", "A,\(ksn),A-1", "slot: expected letters or digits, found '-' at character 2", nil),
        (
            "device_id,ksn,slot", "A,\(ksn),123456789", "slot: expected 1 to 8 letters or digits, found 9 characters",
            nil
        ),
        (
            "device_id,ksn,key_version", "A,\(ksn),1",
            "key_version: expected 2 characters, digits or capital letters, found 1", nil
        ),
        (
            "device_id,ksn,key_version", "A,\(ksn),0a",
            "key_version: expected digits or capital letters, found 'a' at character 2", nil
        ),
        (
            "device_id,ksn,quantity", "A{n},\(ksn),0",
            "quantity: expected a number from 1 to 100000000, found '0'", nil
        ),
        (
            "device_id,ksn,quantity", "A,\(ksn),-3", "quantity: expected a number from 1 to 100000000, found '-3'", nil
        ),
        (
            "device_id,ksn,quantity", "A,\(ksn),99999999999999999999999",
            "quantity: expected a number from 1 to 100000000, found 23 hexadecimal digits (not shown)", nil
        ),
        (
            "device_id,ksn,quantity", "A,\(ksn),2",
            "device_id: expected {n} or {n:06} in a row of 2 devices, found neither", nil
        ),
        (
            "device_id,ksn,quantity", "A{n}{n},\(ksn),2",
            "device_id: expected one number, found a second at character 5", nil
        ),
        (
            "device_id,ksn,quantity", "A{n:6},\(ksn),2",
            "device_id: expected letters, digits, '.', '_' or '-', found '{' at character 2", nil
        ),
        (
            "device_id,ksn,quantity", String(repeating: "A", count: 62) + "{n},\(ksn),100",
            "device_id: expected at most 64 characters, found 65", nil
        ),
        (
            "device_id,ksn,quantity", "A{n},FFFF987654FFFFC00000,3",
            "ksn: expected at most 2 devices from here to the end of the 19-bit device field, found 3", nil
        ),
        (
            "device_id,ksn,quantity,bdk", "A{n},12345678FFFFFFFF,2,aes",
            "ksn: expected at most 1 device from here to the end of the 32-bit device field, found 2", nil
        ),
    ]

    @Test(arguments: faults)
    func refuses(_ header: String, _ row: String, _ message: String, _ hint: String?) throws {
        let result = try ManifestFixture(rows: ["", row], header: header).check()
        let diagnostic = try #require(result.diagnostics.kept.first)
        #expect(result.diagnostics.kept.count == 1)
        #expect("\(diagnostic.column ?? ""): \(diagnostic.message)" == message)
        #expect(diagnostic.line == 3)
        #expect(diagnostic.hint == hint)
        #expect(result.rejectedRowCount == 1)
        #expect(result.acceptedDeviceCount == 0)
        #expect(result.mayKeepGoing)
    }

    static let accepted: [(String, String)] = [
        ("device_id,ksn", "0,\(ksn.lowercased())"),
        ("device_id,ksn", String(repeating: "z", count: 64) + ",\(ksn)"),
        ("device_id,ksn", "A..b_-,\(ksn)"),
        ("device_id,ksn,bdk", "A,\(aesKSN),aes"),
        ("device_id,ksn,bdk", "A,1234567890123456,aes"),
        ("device_id,ksn,bdk", "A,FFFF9876540000200000,bound"),
        ("device_id,ksn,bdk", "A,12345678FFFFFFFF,aes-bound"),
        ("device_id,ksn,bdk,kbpk,profile,model,label,slot,key_version", "A,\(ksn),,,,,,,"),
        ("device_id,ksn,model,label", "A,\(ksn),VX 520,\"a, \"\"b\"\" = c\""),
        ("device_id,ksn,slot,key_version", "A,\(ksn),12345678,C1"),
        ("device_id,ksn,quantity", "A,\(ksn),1"),
        ("device_id,ksn,quantity", "A{n},\(ksn),001"),
        ("device_id,ksn,quantity", String(repeating: "A", count: 62) + "{n},\(ksn),99"),
        ("device_id,ksn,quantity", "{n:09}x,FFFF987654FFFFC00000,2"),
        ("device_id,ksn,certificate,nonce", "A,\(ksn),a.pem,00"),
    ]

    @Test(arguments: accepted)
    func accepts(_ header: String, _ row: String) throws {
        #expect(try ManifestFixture(rows: [row], header: header).messages() == [])
    }

    @Test func reportsEveryFaultOfARow() throws {
        let manifest = ManifestFixture(
            rows: ["-,12,x,nobody,p,=,=,--,1"],
            header: "device_id,ksn,quantity,kbpk,profile,model,label,slot,key_version")
        let columns = try manifest.check().diagnostics.kept.map(\.column)
        #expect(
            columns == ["quantity", "device_id", "ksn", "kbpk", "profile", "model", "label", "slot", "key_version"])
    }

    @Test func asksForKeysThatNobodyNames() throws {
        var manifest = ManifestFixture(rows: [ManifestFixture.row(1)])
        manifest.keys.defaultBaseKey = nil
        manifest.keys.defaultProtectionKey = nil
        #expect(
            try manifest.messages() == [
                "m.csv:2: error: bdk: expected a key name here or with --bdk, found neither",
                "m.csv:2: error: kbpk: expected a key name here or with --kbpk, found neither",
            ])
        manifest.keys.defaultBaseKey = 0
        manifest.keys.needsProtectionKey = false
        #expect(try manifest.messages().isEmpty)
        manifest.keys.defaultBaseKey = 99
        #expect(try manifest.messages().count == 1)
    }

    @Test func countsCountersInOneNotice() throws {
        let rows = [
            ManifestFixture.row(1), "A,FFFF9876540000400001", "B,FFFF987654000060001F", "C,FFFF98765400009FFFFF",
        ]
        let notice = "m.csv:3: notice: ksn: 3 key serial numbers have a counter that is not zero; it is cleared"
        #expect(try ManifestFixture(rows: rows).messages() == [notice])
        let devices = try ManifestFixture(rows: rows).provision()
        #expect(devices.map { $0.ksn & 0x1F } == [0, 0, 0, 0])
        #expect(devices.last?.ksn == 0xFFFF_9876_5400_0080)
    }

    @Test func padsEightByteSerialNumbers() throws {
        var manifest = ManifestFixture(
            rows: ["A,9876540000200001", "B,FFFF9876540000400000", "C,98765400006G0001", "D,1234567890123456,"].map {
                $0.hasSuffix(",") ? $0 + "aes" : $0 + ","
            }, header: "device_id,ksn,bdk")
        manifest.padding = .leftF
        let result = try manifest.check()
        #expect(
            result.diagnostics.kept.filter { $0.severity == .error }.map(\.description) == [
                "m.csv:3: error: ksn: expected 16 hexadecimal digits, since key 'acme' is a TDES key, found 20"
                    + "\n  hint: --ksn-padding left-f takes 8-byte key serial numbers only",
                "m.csv:4: error: ksn: character 12 is not a hexadecimal digit",
            ])
        #expect(try manifest.provision().first?.ksn == 0xFFFF_9876_5400_0020)
        #expect(try manifest.provision().last?.ksn == 0x1234_5678_9012_3456)
    }
}
