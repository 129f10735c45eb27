import PaymentCrypto
import Testing

@testable import Provisioning

/// The columns `certificate` and `nonce`: each row's rules, and what two rows may not have in common.
struct ManifestReceiverTests {
    private static let header = "device_id,ksn,slot,certificate,nonce,quantity,bdk,profile,kbpk,label,key_version"

    /// Files that are there: `1.pem` and `copy.pem` hold the same certificate.
    private func rules(carriesHeader: Bool) throws -> ReceiverRules {
        let files = [
            "1.pem": try TestCertificates.first.get(), "copy.pem": try TestCertificates.first.get(),
            "2.pem": try TestCertificates.second.get(), "3072.pem": try TestCertificates.third.get(),
        ]
        return ReceiverRules(takesNonce: carriesHeader, carriesHeader: carriesHeader) { cell in
            let name = String(decoding: cell, as: UTF8.self)
            return files[name].map { .success($0) } ?? .failure(CertificateFault(message: "'\(name)' does not exist"))
        }
    }

    private func manifest(
        _ rows: [String], header: String = Self.header, carriesHeader: Bool = true
    ) throws -> ManifestFixture {
        var manifest = ManifestFixture(rows: rows, header: header)
        manifest.keys.receivers = try rules(carriesHeader: carriesHeader)
        manifest.keys.needsProtectionKey = false
        return manifest
    }

    private func row(_ number: Int, _ more: String) -> String {
        let cells = more.split(separator: ",", omittingEmptySubsequences: false)
        let missing = String(repeating: ",", count: 9 - cells.count)
        return "T-\(number),\(ManifestFixture.ksn(UInt64(number))),\(more)\(missing)"
    }

    /// What is said, but for the notice of columns that are not used.
    private func messages(_ rows: [String], carriesHeader: Bool = true, capacity: Int = 4096) throws -> [String] {
        try manifest(rows, carriesHeader: carriesHeader).messages(capacity: capacity)
            .filter { !$0.contains("notice: not used") }
    }

    @Test(
        "cells",
        arguments: [
            (",1.pem,0123456789abcdef", []), (",1.pem,", []), (",1.pem,,1", []), (",3072.pem,,,aes", []),
            (",,", ["certificate: expected the device's certificate file, found none"]),
            (",none.pem,", ["certificate: 'none.pem' does not exist"]),
            (",1.pem,0123456789ABCD", ["nonce: expected 8 to 16 bytes as 16 to 32 hexadecimal digits, found 14"]),
            (",1.pem,0123456789ABCDEF0", ["nonce: expected 8 to 16 bytes as 16 to 32 hexadecimal digits, found 17"]),
            (",1.pem,0123456789ABCDEG", ["nonce: character 16 is not a hexadecimal digit"]),
            (",2.pem,,,,nobody", ["profile: no profile named 'nobody'"]),
        ] as [(String, [String])])
    func cells(cells: String, expected: [String]) throws {
        let ksn = cells.contains("aes") ? "123456789012345600000000" : ManifestFixture.ksn(1)
        let found = try messages([row(1, cells).replacing(ManifestFixture.ksn(1), with: ksn)])
        #expect(found == expected.map { "m.csv:2: error: \($0)" })
    }

    @Test("a key stronger than the certificate's is the certificate's fault")
    func strength() throws {
        let row = row(1, ",1.pem,,,aes").replacing(ManifestFixture.ksn(1), with: "123456789012345600000000")
        #expect(
            try messages([row]) == [
                "m.csv:2: error: certificate: expected RSA-3072 or more for the key of AES-128, found RSA-2048"
            ])
    }

    @Test("a row of several devices has no certificate that they could share")
    func quantity() throws {
        let row = "T-{n},\(ManifestFixture.ksn(1)),,1.pem,,3,,,,,"
        #expect(
            try messages([row]) == [
                "m.csv:2: error: quantity: expected one device, since a certificate serves one device_id, found 3"
            ])
    }

    @Test("what RSA-OAEP does not carry")
    func cryptograms() throws {
        #expect(
            try messages([row(1, ",1.pem,0123456789ABCDEF,,,p")], carriesHeader: false) == [
                "m.csv:2: error: nonce: expected none, since an RSA-OAEP cryptogram carries no nonce",
                "m.csv:2: error: profile: expected none, since an RSA-OAEP cryptogram carries no header",
            ])
    }

    @Test("columns that the transport has no use for are named", arguments: [true, false])
    func unused(carriesHeader: Bool) throws {
        let found = try manifest([row(1, ",1.pem,")], carriesHeader: carriesHeader).messages()
        let transport = carriesHeader ? "tr34: 'kbpk'" : "rsa-oaep: 'kbpk', 'label', 'key_version'"
        #expect(found == ["m.csv:1: notice: not used with --transport \(transport)"])
    }

    @Test("the column must be there")
    func missingColumn() throws {
        let manifest = try manifest([ManifestFixture.row(1)], header: "device_id,ksn")
        #expect(try manifest.messages() == ["m.csv:1: error: certificate: missing column"])
    }

    @Test("key blocks look at neither column")
    func keyBlocks() throws {
        var manifest = try manifest([row(1, ",../../etc/passwd,x"), row(2, ",../../etc/passwd,x")])
        (manifest.keys.receivers, manifest.keys.needsProtectionKey) = (nil, true)
        #expect(try manifest.messages().isEmpty)
    }

    // MARK: Two rows

    @Test("slots of one device share its certificate, also with another case", arguments: [1, 2, 4096])
    func slots(capacity: Int) throws {
        let rows = [row(1, "A,1.pem,"), row(2, "B,copy.pem,").replacing("T-2", with: "t-1"), row(3, ",2.pem,")]
        #expect(try messages(rows, capacity: capacity).isEmpty)
    }

    @Test("two devices do not, whatever the files are called", arguments: [1, 2, 4096])
    func twoDevices(capacity: Int) throws {
        let rows = [
            row(1, "A,1.pem,"), row(2, "B,1.pem,").replacing("T-2", with: "T-1"), row(3, ",2.pem,"),
            row(4, ",copy.pem,"), row(5, ",1.pem,"),
        ]
        #expect(
            try messages(rows, capacity: capacity)
                == [(2, 5), (3, 5), (5, 2), (6, 2)].map { line, other in
                    "m.csv:\(line): error: certificate: same certificate as on line \(other), which is another device"
                })
        let devices = try manifest(rows).provision(capacity: capacity)
        #expect(devices.map(\.status) == [.rejected, .rejected, .accepted, .rejected, .rejected])
    }

    @Test("receivers choose their nonces independently of each other", arguments: [1, 4096])
    func nonces(capacity: Int) throws {
        let rows = [
            row(1, "A,1.pem,0123456789ABCDEF"), row(2, "B,1.pem,0123456789abcdef").replacing("T-2", with: "T-1"),
            row(3, ",2.pem,0123456789ABCDEF00"),
        ]
        #expect(try messages(rows, capacity: capacity).isEmpty)
    }

    @Test("the second pass stops where a certificate became another one")
    func changedCertificate() throws {
        let (one, two) = (try TestCertificates.first.get(), try TestCertificates.second.get())
        var manifest = try manifest([row(1, ",1.pem,")])
        try manifest.withSource { source in
            let check = ManifestCheck(source)
            let result = try check.runSerially()
            let (chunk, columns) = (ManifestChunk(), DeviceColumns())
            let again = try check.beginProvisioning()
            _ = try again.reader.fill(chunk)
            again.validator.examine(chunk, into: columns)
            #expect(columns.receivers[0] == one)
            #expect(columns.receiverSum == result.receiverSum)
        }
        // One certificate for the first look, another one for the third.
        let look = Counter()
        manifest = try self.manifest([row(1, ",1.pem,"), row(2, ",2.pem,").replacing("T-2", with: "T-1")])
        manifest.keys.receivers?.read = { _ in .success(look.next() < 2 ? one : two) }
        #expect(throws: ManifestReadError.certificatesChanged) { try manifest.messages() }
    }

    /// Unchecked: one thread asks.
    private final class Counter: @unchecked Sendable {
        private var count = 0

        func next() -> Int {
            defer { count += 1 }
            return count
        }
    }
}
