import Facility
import PaymentCrypto
import Testing

@testable import Provisioning

/// The main job from end to end, on a site made for the test.
@Suite("A whole run")
struct ProvisionRunTests {
    @Test("the same devices, headers, check values and order for any number of jobs and any size of chunk")
    func independence() throws {
        let fixture = try RunFixture()
        let expected = try report(Fleet.mixed, fixture)
        for jobs in [1, 2, 7] {
            for capacity in [1, 3, 4096] {
                var options = try fixture.options("out-\(jobs)-\(capacity)")
                options.manifest.jobs = jobs
                options.manifest.chunkCapacity = capacity
                try fixture.forgetRuns()
                let record = try fixture.finish(Fleet.mixed.text, options)
                #expect(record.counts.issued == Fleet.mixed.devices.count)
                #expect(record.counts.devices == record.counts.issued)
                let found = try fixture.read("out-\(jobs)-\(capacity)/check-values.csv")
                #expect(found == expected, "\(jobs) jobs, chunks of \(capacity)")
                try checkKeyBlocks("out-\(jobs)-\(capacity)/keyblocks.csv", fixture)
            }
        }
    }

    /// The report that must come out, from the fleet's own list and the keys of the site.
    private func report(_ fleet: Fleet, _ fixture: RunFixture) throws -> String {
        var text = "line,device_id,model,slot,ksn,algorithm,kcv,kcv_algorithm,bdk,kbpk,status,reason\n"
        for device in fleet.devices {
            let entry = try fixture.site.keyring().entry(RunFixture.name(device.bdk))
            let base = try fixture.site.baseKey(entry, tokens: NoTokens())
            let key = try base.initialKey(for: KeySerialNumber(device.ksn, family: base.family).initial)
            let model = device.model.contains("\"") ? "\"M,\"\"1\"\"\"" : device.model
            text += [
                "\(device.line)", device.name, model, device.slot, device.ksn,
                ["acme": "TDES-2KEY", "aes": "AES-128", "aes-big": "AES-256"][device.bdk] ?? "",
                try key.checkValue().description, device.bdk == "acme" ? "ANSI_X9_24" : "CMAC", device.bdk, device.kbpk,
                "issued", "\n",
            ].joined(separator: ",")
        }
        return text
    }

    /// Every key block is in its device's line, says what the row says, and holds the device's key.
    private func checkKeyBlocks(_ name: String, _ fixture: RunFixture) throws {
        let lines = try fixture.read(name).split(separator: "\n")
        #expect(lines.first == "device_id,slot,model,ksn,algorithm,kcv,key_block")
        #expect(lines.count == Fleet.mixed.devices.count + 1)
        for (line, device) in zip(lines.dropFirst(), Fleet.mixed.devices) {
            #expect(line.hasPrefix("\(device.name),\(device.slot),"))
            let keyBlock = String(try #require(line.split(separator: ",").last))
            let header = try UnverifiedKeyBlock(keyBlock).header
            let isTDES = device.bdk == "acme"
            #expect(header.version == (device.kbpk == "wrap" ? .b : .d))
            #expect(header.keyUsage == .initialDUKPTKey)
            #expect(header.keyVersion.description == device.keyVersion)
            #expect(header.exportability == Exportability.none)
            #expect(header.optionalBlock(.label)?.data ?? "" == device.label)
            #expect(
                header.optionalBlock(isTDES ? .keySerialNumber : .initialKeyID)?.data
                    == String(device.ksn.prefix(isTDES ? 20 : 16)))
            let isHeld = try fixture.holds(keyBlock, bdk: device.bdk, kbpk: device.kbpk, ksn: device.ksn)
            #expect(isHeld, "\(device.name)")
        }
    }

    @Test("options for check values are followed", arguments: [(CheckValueMethod?.none, 2), (.cmac, 5), (.cmac, 3)])
    func checkValues(method: CheckValueMethod?, byteCount: Int) throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.checkValueMethod = method
        options.checkValueByteCount = byteCount
        try fixture.finish("device_id,ksn\nT,FFFF9876543210E00001\n", options)
        let entry = try fixture.site.keyring().entry(RunFixture.name("acme"))
        let base = try fixture.site.baseKey(entry, tokens: NoTokens())
        let key = try base.initialKey(for: KeySerialNumber("FFFF9876543210E00000", family: .tdes).initial)
        let expected = try key.checkValue(method ?? .legacy, byteCount: byteCount)
        let line = try #require(try fixture.read("out/check-values.csv").split(separator: "\n").last)
        #expect(
            line
                == "2,T,,,FFFF9876543210E00000,TDES-2KEY,\(expected),\((method ?? .legacy).reportName),acme,wrap,issued,"
        )
    }

    @Test("check value options that an algorithm of the manifest does not have are refused, and nothing is made")
    func unsuitableCheckValues() throws {
        let fixture = try RunFixture()
        let manifest = "device_id,ksn,bdk,kbpk\nT,FFFF9876543210E00001,,\nA,1234567890123456,aes,wrap-aes\n"
        var options = try fixture.options()
        options.checkValueMethod = .legacy
        #expect(throws: ProvisioningError.checkValueMethod(.aes128)) { try fixture.run(manifest, options) }
        options.checkValueMethod = nil
        options.checkValueByteCount = 2
        #expect(throws: ProvisioningError.checkValueLength(asked: 2, .cmac)) { try fixture.run(manifest, options) }
        options.checkValueByteCount = 5
        #expect(throws: ProvisioningError.checkValueLength(asked: 5, .legacy)) { try fixture.run(manifest, options) }
        #expect(try fixture.leftovers.isEmpty)
        // Three bytes suit both.
        options.checkValueByteCount = 3
        try fixture.finish(manifest, options)
    }

    @Test("what was expected of keys and manifest is compared before anything is made")
    func expectations() throws {
        let fixture = try RunFixture()
        let manifest = "device_id,ksn\nT,FFFF9876543210E00001\n"
        let wrong = try #require(ExpectedCheckValue("0000"))
        var options = try fixture.options()
        options.expectedBaseKeyCheckValue = wrong
        #expect(throws: ProvisioningError.self) { try fixture.run(manifest, options) }
        options = try fixture.options()
        options.expectedProtectionKeyCheckValue = wrong
        #expect(throws: ProvisioningError.self) { try fixture.run(manifest, options) }
        options = try fixture.options()
        options.expectedManifestDigest = SHA256Digest(bytes: ContentDigest.sha256(Array("other".utf8)))
        #expect(throws: ProvisioningError.self) { try fixture.run(manifest, options) }
        #expect(try fixture.leftovers.isEmpty)
        options.expectedManifestDigest = SHA256Digest(bytes: ContentDigest.sha256(Array(manifest.utf8)))
        options.expectedBaseKeyCheckValue = ExpectedCheckValue(
            try fixture.keyring.entry(try RunFixture.name("acme")).checkValue.lowercased())
        options.expectedProtectionKeyCheckValue = ExpectedCheckValue(
            String(try fixture.keyring.entry(try RunFixture.name("wrap")).checkValue.prefix(4)))
        try fixture.finish(manifest, options)
    }

    @Test("a weaker wrapping key, of the options or of a row, is refused")
    func weakerWrappingKey() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.manifest.baseKey = try RunFixture.name("aes")
        #expect(throws: ProvisioningError.self) { try fixture.run("device_id,ksn\nA,1234567890123456\n", options) }
        let outcome = try fixture.run("device_id,ksn,bdk\nA,1234567890123456,aes\n", try fixture.options())
        guard case .badManifest(let report) = outcome else { throw RunFixture.Unfinished() }
        #expect(report.errorCount == 1)
        #expect(report.diagnostics.first?.column == "kbpk")
        #expect(report.diagnostics.first?.message == "a key of AES-128 is not wrapped under the weaker TDES-3KEY")
        #expect(try fixture.leftovers.isEmpty)
    }
}
