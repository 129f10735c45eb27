import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// Finished runs looked at again.
@Suite("Verification")
struct VerifyRunTests {
    @Test("a run of every kind of device is as it was made, however it is cut", arguments: Layout.allCases, [1, 3])
    func good(layout: Layout, jobs: Int) throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.layout = layout
        try fixture.finishRecorded(Fleet.mixed.text, options)
        for capacity in [1, 3, 4_096] {
            let report = try fixture.verify(jobs: jobs, chunkCapacity: capacity)
            #expect(report.isGood && report.isDerivedAnew, "\(report.diagnostics.kept)")
            #expect(report.verifiedCount == Fleet.mixed.devices.count)
            #expect(report.counts.issued == Fleet.mixed.devices.count)
        }
    }

    @Test("no run is as it was made of which an output was not opened")
    func unopened() {
        var report = VerifyReport(limit: nil)
        (report.counts.issued, report.verifiedCount, report.derivedCount) = (2, 2, 2)
        report.compareOutputs(in: "out")
        #expect(report.isGood && report.isDerivedAnew)
        (report.verifiedCount, report.derivedCount) = (1, 1)
        report.compareOutputs(in: "out")
        #expect(!report.isGood && !report.isDerivedAnew)
        #expect(
            report.diagnostics.kept.map(\.description)
                == ["out: error: expected 2 outputs, one for each row that is issued, found 1"])
    }

    @Test("headers with every block and in every version", arguments: [KeyBlockVersion.d, .e], [true, false])
    func headers(version: KeyBlockVersion, hidesLength: Bool) throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.manifest.protectionKey = try RunFixture.name("wrap-aes")
        options.header.keyBlockVersion = version
        options.header.lengthObfuscation = hidesLength
        options.header.optionalBlocks = try ["KC", "KP", "TS", "LB=fleet", "10=of {device_id}"].map {
            try OptionalBlockOption(argument: $0)
        }
        (options.checkValueMethod, options.checkValueByteCount) = (.cmac, 4)
        try fixture.finishRecorded("device_id,ksn\nT-1,FFFF9876540000200000\nT-2,FFFF9876540000400000\n", options)
        #expect(try fixture.differences() == [])
        var without = try fixture.options("without")
        without.header.serialNumberBlock = false
        try fixture.finishRecorded("device_id,ksn\nT-1,FFFF9876540000600000\n", without)
        #expect(try fixture.differences("without") == [])
    }

    /// Sums that agree with whatever the files have become.
    private func sign(_ fixture: RunFixture) throws {
        let sums = try fixture.read("out/SHA256SUMS").split(separator: "\n").map { line in
            let name = String(line.dropFirst(66))
            let digest = ContentDigest.sha256(
                try #require(FileManager.default.contents(atPath: fixture.path("out/\(name)"))))
            return Hexadecimal.text(digest).lowercased() + "  " + name + "\n"
        }
        try fixture.write(Data(sums.joined().utf8), to: "out/SHA256SUMS")
    }

    /// A run of four devices in one table, whose lines are then changed, and the sums with them.
    private func changing(
        _ file: String = "keyblocks.csv", _ change: (inout [String]) -> Void
    ) throws -> [String] {
        let fixture = try RunFixture()
        let rows = (1...4).map { "T-\($0),FFFF98765400\($0)0200000\n" }
        try fixture.finishRecorded("device_id,ksn\n" + rows.joined(), try fixture.options())
        var lines = try fixture.read("out/\(file)").split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        change(&lines)
        try fixture.write(Data(lines.joined(separator: "\n").utf8), to: "out/\(file)")
        try sign(fixture)
        let messages = try fixture.differences()
        // Whoever makes new sums has no line in the audit log.
        #expect(messages.last?.hasPrefix("out/SHA256SUMS: error: expected SHA-256") == true, "\(messages)")
        return messages.dropLast()
    }

    private func exchange(_ column: Int, _ lines: inout [String], _ one: Int, _ other: Int) {
        var (first, last) = (lines[one].components(separatedBy: ","), lines[other].components(separatedBy: ","))
        (first[column], last[column]) = (last[column], first[column])
        (lines[one], lines[other]) = (first.joined(separator: ","), last.joined(separator: ","))
    }

    @Test("key blocks that two devices have exchanged are found by their serial numbers")
    func exchangedKeyBlocks() throws {
        let messages = try changing { exchange(6, &$0, 1, 4) }
        try #require(messages.count == 2, "\(messages)")
        #expect(messages[0].hasPrefix("out/keyblocks.csv:2: error: key_block: device 'T-1': header: block 'KS'"))
        #expect(messages[1].hasPrefix("out/keyblocks.csv:5: error: key_block: device 'T-4': header: block 'KS'"))
    }

    @Test("rows that changed places are found in both places")
    func exchangedRows() throws {
        #expect(
            try changing { $0.swapAt(1, 4) }.sorted() == [
                "out/check-values.csv:2: error: device 'T-1' is not in out/keyblocks.csv, or not in its place",
                "out/keyblocks.csv:2: error: device 'T-4' is not in the report, or not in this place",
                "out/keyblocks.csv:5: error: expected device 'T-4', as in line 5 of the report, found 'T-1'",
            ])
    }

    @Test("a row less, or one too many, is one difference")
    func oddRows() throws {
        #expect(
            try changing { $0.remove(at: 2) } == [
                "out/check-values.csv:3: error: device 'T-2' is not in out/keyblocks.csv, or not in its place"
            ])
        #expect(
            try changing { $0.insert($0[3], at: 3) } == [
                "out/keyblocks.csv:5: error: device 'T-3' is not in the report, or not in this place"
            ])
        #expect(
            try changing { $0.insert($0[1], at: 5) } == [
                "out/keyblocks.csv:6: error: device 'T-1' is not in the report, or not in this place"
            ])
    }

    @Test("check values that were exchanged in both tables are not those of the keys")
    func checkValues() throws {
        let fixture = try RunFixture()
        try fixture.finishRecorded("device_id,ksn\nT-1,FFFF9876540000200000\n", try fixture.options())
        for name in ["keyblocks.csv", "check-values.csv"] {
            let text = try fixture.read("out/\(name)")
            let fields = text.split(separator: "\n")[1].split(separator: ",", omittingEmptySubsequences: false)
            let value = fields[name == "keyblocks.csv" ? 5 : 6]
            let other = value == "123456" ? "123457" : "123456"
            try fixture.write(
                Data(text.replacingOccurrences(of: ",\(value),", with: ",\(other),").utf8), to: "out/\(name)")
        }
        try sign(fixture)
        let messages = try fixture.differences()
        try #require(messages.count == 2, "\(messages)")
        #expect(
            messages[0].hasPrefix(
                "out/keyblocks.csv:2: error: key_block: device 'T-1': the key in the key block has check value "))
    }

    @Test("a key that another BDK has given is found out, and only with the BDK")
    func otherBaseKey() throws {
        let fixture = try RunFixture()
        try fixture.add(SymmetricKey.random(.tdes2Key), "first", .baseDerivationKey)
        try fixture.add(SymmetricKey.random(.tdes2Key), "second", .baseDerivationKey)
        var options = try fixture.options()
        options.manifest.baseKey = try RunFixture.name("second")
        try fixture.finishRecorded("device_id,ksn\nT-1,FFFF9876540000200000\n", options)
        let value = try (
            fixture.keyring.entry(RunFixture.name("first")).checkValue,
            fixture.keyring.entry(RunFixture.name("second")).checkValue
        )
        for (name, old, new) in [
            ("check-values.csv", "second", "first"), ("run.json", "\"second\"", "\"first\""),
            ("run.json", value.1, value.0),
        ] {
            let text = try fixture.read("out/\(name)").replacingOccurrences(of: old, with: new)
            try fixture.write(Data(text.utf8), to: "out/\(name)")
        }
        try sign(fixture)
        #expect(
            try fixture.differences().first
                == "out/keyblocks.csv:2: error: key_block: device 'T-1': \(InitialKeyDifference.otherKey)")
        var event = AuditEvent("key retire")
        let (name, retirement) = (try RunFixture.name("first"), try #require(Retirement(reason: "over")))
        _ = try fixture.site.annotate(name, recording: &event) { (annotations) throws(FacilityError) in
            try annotations.retire(name, retirement)
        }
        // The sums, and the ledger's own note of the BDK.
        #expect(try fixture.differences().count == 3)
    }

    @Test(
        "a table of another layout, nonsense, or lines without an end do not stop anything",
        arguments: [
            "", "\n", "\n\n\n\n", "device_id", "\"", ",,,,,,\n\"\",\"\",\n", "{\"device_id\":\"T-1\",\"slot\":\"",
            "\u{0}\u{FF}",
            String(repeating: "x", count: 3_000_000),
        ])
    func nonsense(text: String) throws {
        for layout in Layout.allCases {
            let fixture = try RunFixture()
            var options = try fixture.options()
            options.layout = layout
            try fixture.finishRecorded("device_id,ksn\nT-1,FFFF9876540000200000\n", options)
            for name in try fixture.contents().keys.sorted() {
                let kept = try #require(FileManager.default.contents(atPath: fixture.path("out/\(name)")))
                try fixture.write(Data(text.utf8), to: "out/\(name)")
                #expect(try !fixture.verify().isGood, "\(name)")
                if name != "SHA256SUMS", name != "run.json" {
                    try sign(fixture)
                    #expect(try !fixture.verify().isGood, "\(name)")
                    try fixture.write(kept, to: "out/\(name)")
                    try sign(fixture)
                }
                try fixture.write(kept, to: "out/\(name)")
            }
            #expect(try fixture.differences() == [])
        }
    }

    // MARK: Certificates

    private static let receivers = """
        device_id,ksn,slot,certificate,nonce,label
        T-1,FFFF9876540000200000,A,certs/d1.pem,0123456789ABCDEF,left
        T-2,FFFF9876540000400000,,certs/d2.pem,,

        """

    @Test("tokens are looked at in every form", arguments: TR34Profile.allCases)
    func tokens(profile: TR34Profile) throws {
        let fixture = try RunFixture.withCertificates()
        try fixture.finishRecorded(Self.receivers, try fixture.options(.tr34, profile))
        let report = try fixture.verify(jobs: 2)
        #expect(report.isGood && report.verifiedCount == 2, "\(report.diagnostics.kept)")
        #expect(report.diagnostics.kept.isEmpty)
        var lines = try fixture.read("out/keyblocks.csv").components(separatedBy: "\n")
        exchange(6, &lines, 1, 2)
        try fixture.write(Data(lines.joined(separator: "\n").utf8), to: "out/keyblocks.csv")
        try sign(fixture)
        let messages = try fixture.differences()
        #expect(
            messages.count == 3 && messages[0].contains("header: expected block KS=FFFF9876540000200000"), "\(messages)"
        )
    }

    @Test("a token whose signature is another one, and a cryptogram of another length")
    func carriers() throws {
        let fixture = try RunFixture.withCertificates()
        try fixture.finishRecorded(Self.receivers, try fixture.options(.tr34))
        let text = try fixture.read("out/keyblocks.csv")
        let changed = String(text.dropLast(2)) + (text.hasSuffix("0\n") ? "1\n" : "0\n")
        try fixture.write(Data(changed.utf8), to: "out/keyblocks.csv")
        try sign(fixture)
        #expect(
            try fixture.differences().first?.hasPrefix("out/keyblocks.csv:3: error: key_block: device 'T-2': ") == true)
        try fixture.finishRecorded(
            Self.receivers.replacingOccurrences(of: "0123456789ABCDEF", with: "")
                .replacingOccurrences(of: "FFFF987654000", with: "FFFF987654001"),
            try fixture.options(.rsaOAEP, output: "oaep"))
        #expect(try fixture.differences("oaep") == [])
        #expect(try fixture.verify("oaep").verifiedCount == 2)
    }
}
