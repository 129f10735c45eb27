import Facility
import PaymentCrypto
import Testing

@testable import Provisioning

/// Header options in a run over both ciphers, several keys and labels of many lengths.
@Suite("The headers of a run")
struct RunHeaderTests {
    @Test("computed blocks are each row's own", arguments: [1, 4096])
    func computed(capacity: Int) throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.manifest.chunkCapacity = capacity
        options.manifest.jobs = 2
        options.header.keyVersion = KeyVersionNumber("07")
        options.header.optionalBlocks = try ["42=<{device_id}>", "LB=till {device_id}", "TS", "KP", "KC"]
            .map { try OptionalBlockOption(argument: $0) }
        let record = try fixture.finish(Fleet.mixed.text, options)
        let time = record.started.filter { $0 != "-" && $0 != ":" && $0 != "T" }
        let lines = try fixture.read("out/keyblocks.csv").split(separator: "\n").dropFirst()
        #expect(lines.count == Fleet.mixed.devices.count)
        for (line, device) in zip(lines, Fleet.mixed.devices) {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            let (checkValue, keyBlock) = (fields[fields.count - 2], String(fields[fields.count - 1]))
            let header = try UnverifiedKeyBlock(keyBlock).header
            let wrapping = try fixture.keyring.entry(try RunFixture.name(device.kbpk)).checkValue
            let isTDES = device.bdk == "acme"
            let expected = [
                isTDES ? "KS=\(device.ksn)" : "IK=\(device.ksn.prefix(16))", "KC=0\(isTDES ? 0 : 1)\(checkValue)",
                "KP=0\(device.kbpk == "wrap" ? 0 : 1)\(wrapping)", "TS=\(time)",
                "LB=\(device.label.isEmpty ? "till \(device.name)" : device.label)", "42=<\(device.name)>",
            ]
            #expect(header.optionalBlocks.map(\.description) == expected)
            #expect(header.keyVersion.description == (device.keyVersion == "00" ? "07" : device.keyVersion))
            let isHeld = try fixture.holds(keyBlock, bdk: device.bdk, kbpk: device.kbpk, ksn: device.ksn)
            #expect(isHeld, "\(device.name)")
        }
    }

    @Test("version E, no length obfuscation, no KS: what was asked for is made")
    func versionE() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.manifest.protectionKey = try RunFixture.name("wrap-aes")
        options.header.keyBlockVersion = .e
        options.header.lengthObfuscation = false
        options.header.serialNumberBlock = false
        options.header.exportability = .sensitive
        options.header.allowsExportable = true
        try fixture.finish("device_id,ksn\nT,FFFF9876543210E00000\n", options)
        let keyBlock = try #require(try fixture.read("out/keyblocks.csv").split(separator: ",").last?.dropLast())
        // 16 characters of header, 2 + 16 bytes of key, 16 of MAC.
        #expect(keyBlock.hasPrefix("E0084B1TX00S0000"))
        let isHeld = try fixture.holds(String(keyBlock), bdk: "acme", kbpk: "wrap-aes", ksn: "FFFF9876543210E00000")
        #expect(isHeld)
    }

    @Test("a version that the wrapping key cannot make is refused")
    func unsuitableVersion() throws {
        let fixture = try RunFixture()
        for version in [KeyBlockVersion.d, .e] {
            var options = try fixture.options()
            options.header.keyBlockVersion = version
            let expected = KeyBlockError.unsuitableProtectionKey(version: version, found: .tdes3Key).description
            #expect(throws: ProvisioningError.refused(expected)) {
                try fixture.run("device_id,ksn\nT,FFFF9876543210E00000\n", options)
            }
            #expect(try fixture.leftovers.isEmpty)
        }
        var options = try fixture.options()
        options.header.modeOfUse = .encrypt
        #expect(throws: HeaderOptionError.modeOfUse(.encrypt)) {
            try ProvisionRun(
                options, in: fixture.site.site, keyring: try fixture.keyring, profiles: HeaderProfiles(),
                interruption: Interruption())
        }
    }
}
