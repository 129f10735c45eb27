import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// Runs whose keys travel under the certificates of their devices: what comes out is opened again.
@Suite("Runs under certificates")
struct TransportRunTests {
    private static func ksn(_ number: Int) -> String {
        InitialKeySerialNumber(family: .tdes, leading: 0xFFFF_9876_5400_0000).advanced(by: UInt64(number))?.description
            ?? ""
    }

    private static let fleet = """
        device_id,ksn,slot,certificate,nonce,label,key_version
        T-1,\(ksn(1)),A,certs/d1.pem,0123456789ABCDEF,left,07
        T-1,\(ksn(2)),B,certs/d1.pem,,,
        T-2,\(ksn(3)),,certs/d2.pem,fedcba9876543210ff,,
        T-3,\(ksn(4)),,./certs/big.pem,,,

        """

    private struct Row: Decodable, Equatable {
        let deviceId, slot, ksn, algorithm, kcv, keyBlock: String
    }

    /// The outputs of a finished run, layout jsonl.
    private func rows(_ fixture: RunFixture, _ output: String = "out") throws -> [Row] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try fixture.read("\(output)/keyblocks.jsonl").split(separator: "\n")
            .map { try decoder.decode(Row.self, from: Data($0.utf8)) }
    }

    private func device(_ name: String) throws -> TestPKI.Device {
        try #require(try TestPKI.shared.get().devices[name])
    }

    private func initialKey(_ fixture: RunFixture, _ ksn: String, bdk: String = "acme") throws -> SymmetricKey {
        let entry = try fixture.keyring.entry(RunFixture.name(bdk))
        let base = try fixture.site.baseKey(entry, tokens: NoTokens())
        return try base.initialKey(for: KeySerialNumber(ksn, family: base.family).initial)
    }

    // MARK: TR-34

    @Test("each token opens, in every form, with one worker or several", arguments: TR34Profile.allCases, [1, 4])
    func tokens(profile: TR34Profile, jobs: Int) throws {
        let fixture = try RunFixture.withCertificates()
        var options = try fixture.options(.tr34, profile)
        (options.layout, options.manifest.jobs, options.manifest.chunkCapacity) = (.jsonl, jobs, 2)
        let record = try fixture.finish(Self.fleet, options)
        #expect(record.counts.issued == 4)
        let sender = try #require(try fixture.keyring.rsaKey(RunFixture.name("kdh")).certificate)
        let expected = [
            ("d1", "0123456789ABCDEF", "07", "left"), ("d1", "", "00", ""), ("d2", "FEDCBA9876543210FF", "00", ""),
            ("big", "", "00", ""),
        ]
        for (row, (name, nonce, version, label)) in try zip(rows(fixture), expected) {
            #expect(row.keyBlock == row.keyBlock.uppercased())
            let token = try UnverifiedTR34Token(Array(row.keyBlock.utf8))
            let device = try device(name)
            let opened = try TR34.open(
                token, with: device.key, own: device.certificate, sender: sender, nonce: TR34Nonce(nonce))
            #expect(opened.profile == profile)
            check(opened.header, ksn: row.ksn, version: version, label: label)
            let key = opened.takeKey()
            let isSame = try key.isEqual(to: initialKey(fixture, row.ksn))
            #expect(isSame)
            #expect(try row.kcv == key.checkValue().description)
        }
    }

    private func check(_ header: KeyBlockHeader, ksn: String, version: String, label: String) {
        #expect(header.keyUsage == .initialDUKPTKey)
        #expect(header.modeOfUse == .deriveKeys)
        #expect(header.exportability == Exportability.none)
        #expect(header.keyVersion.description == version)
        #expect(header.optionalBlock(.keySerialNumber)?.data == ksn)
        #expect(header.optionalBlock(.label)?.data == (label.isEmpty ? nil : label))
    }

    @Test("layout files has one file for each device and slot, and the report names no wrapping key")
    func files() throws {
        let fixture = try RunFixture.withCertificates()
        var options = try fixture.options(.tr34)
        options.layout = .files
        try fixture.finish(Self.fleet, options)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: fixture.path("out/devices")).sorted() == [
                "T-1+A.tr34", "T-1+B.tr34", "T-2.tr34", "T-3.tr34",
            ])
        let text = try fixture.read("out/devices/T-2.tr34")
        #expect(text.hasSuffix("\n") && text.dropLast().allSatisfy { "0123456789ABCDEF".contains($0) })
        let report = try fixture.read("out/check-values.csv").split(separator: "\n").dropFirst()
        #expect(report.count == 4)
        #expect(report.allSatisfy { $0.hasSuffix(",ANSI_X9_24,acme,,issued,") })
    }

    @Test("run.json says who signed, for whom, and that nobody looked for revocations")
    func record() throws {
        let fixture = try RunFixture.withCertificates()
        try fixture.finish(Self.fleet, try fixture.options(.tr34, .x9v2019))
        let text = try fixture.read("out/run.json")
        let root = try TestPKI.shared.get().authority.certificate.sha256
        for part in [
            #""transport" : "tr34""#, #""tr34_profile" : "x9-2019""#, #""revocation_checked" : false"#,
            #""name" : "kdh""#, "\(root)", #""algorithm" : "RSA_2048""#,
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("oaep_hash") && !text.contains("key_block_versions"))
    }

    @Test("a header option holds for tokens; KP does not, for there is no wrapping key")
    func headerOptions() throws {
        let fixture = try RunFixture.withCertificates()
        var options = try fixture.options(.tr34)
        options.header.serialNumberBlock = false
        options.header.optionalBlocks = [try OptionalBlockOption(argument: "KC")]
        options.layout = .jsonl
        try fixture.finish(Self.fleet, options)
        for row in try rows(fixture) {
            let header = try UnverifiedTR34Token(Array(row.keyBlock.utf8)).header
            #expect(header.optionalBlock(.keySerialNumber) == nil)
            #expect(header.optionalBlock(.keyCheckValue)?.data == "00" + row.kcv)
        }
        options.header.optionalBlocks = [try OptionalBlockOption(argument: "KP")]
        #expect(throws: HeaderOptionError.noProtectionKey) { try fixture.run(Self.fleet, options) }
    }

    // MARK: RSA-OAEP

    @Test("each cryptogram opens", arguments: OAEPHash.allCases)
    func cryptograms(hash: OAEPHash) throws {
        let fixture = try RunFixture.withCertificates()
        var options = try fixture.options(.rsaOAEP)
        if case .cryptograms(_, let trust) = options.transport { options.transport = .cryptograms(hash, trust) }
        options.layout = .jsonl
        let text = Self.fleet.replacing(",0123456789ABCDEF", with: ",").replacing(",fedcba9876543210ff", with: ",")
        let record = try fixture.finish(text, options)
        #expect(try fixture.read("out/run.json").contains(#""oaep_hash" : "\#(hash.rawValue)""#))
        #expect(record.header == nil)
        for (row, name) in try zip(rows(fixture), ["d1", "d1", "d2", "big"]) {
            let device = try device(name)
            #expect(row.keyBlock.utf8.count == 2 * device.key.publicKey.modulusByteCount)
            let cryptogram = try #require(Hexadecimal.bytes(row.keyBlock))
            let key = try KeyCryptogram.open(cryptogram, with: device.key, hash: hash, as: .tdes2Key)
            let isSame = try key.isEqual(to: initialKey(fixture, row.ksn))
            #expect(isSame)
        }
    }

    @Test("AES-128 goes under RSA-3072 and not under RSA-2048; larger keys never")
    func strength() throws {
        let fixture = try RunFixture.withCertificates()
        var options = try fixture.options(.rsaOAEP)
        options.manifest.baseKey = try RunFixture.name("aes")
        options.keepsGoing = true
        let text = """
            device_id,ksn,certificate,bdk
            T-1,1234567800000001,certs/d1.pem,
            T-2,1234567800000002,certs/big.pem,
            T-3,1234567800000003,certs/d3.pem,aes-big

            """
        try fixture.finish(text, options)
        let key = try initialKey(fixture, "1234567800000002", bdk: "aes")
        let report = try fixture.read("out/check-values.csv").split(separator: "\n").dropFirst().map(String.init)
        let ends = [
            #"certificate: expected RSA-3072 or more for the key of AES-128, found RSA-2048""#,
            "\(try key.checkValue()),CMAC,aes,,issued,",
            "rejected,bdk: key 'aes-big': an AES-256 key is not wrapped under a weaker RSA key",
        ]
        #expect(report.count == ends.count)
        for (line, end) in zip(report, ends) { #expect(line.hasSuffix(end)) }
        options.manifest.baseKey = try RunFixture.name("aes-big")
        #expect(
            throws: ProvisioningError.refused("key 'aes-big': an AES-256 key is not wrapped under a weaker RSA key")
        ) { try fixture.run(text, options) }
    }

    // MARK: Certificates

    @Test("a row whose certificate is bad is a bad row, and stops the run")
    func badCertificates() throws {
        let fixture = try RunFixture.withCertificates()
        let names = ["expired", "early", "stranger", "signer", "root", "none"]
        let text =
            "device_id,ksn,certificate\nGOOD,\(Self.ksn(0)),certs/d1.pem\n"
            + names.enumerated().map { "\($1),\(Self.ksn($0 + 1)),certs/\($1).pem\n" }.joined()
        guard case .badManifest(let report) = try fixture.run(text, try fixture.options(.tr34)) else {
            Issue.record("the run was not stopped")
            return
        }
        #expect(report.diagnostics.map(\.line) == Array(3...8))
        #expect(report.diagnostics.allSatisfy { $0.column == "certificate" })
        #expect(Set(report.diagnostics.map(\.message)).count == names.count)
        #expect(try fixture.leftovers == ["certs"])
        var options = try fixture.options(.tr34)
        options.keepsGoing = true
        let record = try fixture.finish(text, options)
        #expect(record.counts.issued == 1 && record.counts.rejected == names.count)
    }

    @Test("a revoked certificate is refused where a list says so")
    func revoked() throws {
        let fixture = try RunFixture.withCertificates()
        let list = try TestPKI.shared.get().list(revoking: [device("d2").certificate])
        var options = try fixture.options(.tr34, revocation: .lists([list]))
        options.keepsGoing = true
        let record = try fixture.finish(Self.fleet, options)
        #expect(record.counts.issued == 3 && record.counts.rejected == 1)
        #expect(try fixture.read("out/rejected.csv").contains("revoked"))
        #expect(try fixture.read("out/run.json").contains(#""revocation_checked" : true"#))
    }

    @Test("a file that became another one between the passes stops the run, and nothing is left")
    func changedFile() throws {
        let fixture = try RunFixture.withCertificates()
        let other = try device("d3").certificate.pem
        #expect(throws: ManifestReadError.certificatesChanged) {
            try fixture.run(
                Self.fleet, try fixture.options(.tr34),
                witness: { moment in
                    guard case .beginning = moment else { return }
                    try Data(other.utf8).write(to: URL(fileURLWithPath: fixture.path("certs/d2.pem")))
                })
        }
        #expect(try fixture.leftovers == ["certs"])
    }

    @Test("the same devices, check values and headers, whatever the number of workers")
    func workers() throws {
        let fixture = try RunFixture.withCertificates()
        var parts: [[String]] = []
        for jobs in [1, 4] {
            var options = try fixture.options(.tr34, output: "out\(jobs)")
            (options.layout, options.manifest.jobs, options.manifest.chunkCapacity) = (.jsonl, jobs, 1)
            try fixture.forgetRuns()
            try fixture.finish(Self.fleet, options)
            parts.append(
                try rows(fixture, "out\(jobs)").map { row in
                    let header = try UnverifiedTR34Token(Array(row.keyBlock.utf8)).headerText
                    return [row.deviceId, row.slot, row.ksn, row.kcv, header].joined(separator: " ")
                })
            #expect(
                try fixture.read("out\(jobs)/check-values.csv") == fixture.read("out1/check-values.csv"))
        }
        #expect(parts[0] == parts[1])
    }

    @Test("a production site takes enrolled anchors only")
    func production() throws {
        let fixture = try RunFixture.withCertificates(.production)
        #expect(throws: FacilityError.policy(.anchorNotEnrolled)) {
            try fixture.run(Self.fleet, try fixture.options(.tr34))
        }
    }
}
