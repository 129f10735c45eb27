import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// What the keys of a site permit a run to do.
@Suite("The keys of a run")
struct RunKeyTests {
    private let manifest = "device_id,ksn\nT,FFFF9876543210E00001\n"

    @Test("a key that is not there, or has another role, is refused before the manifest is read")
    func roles() throws {
        let fixture = try RunFixture()
        for (bdk, kbpk) in [("wrap", "wrap"), ("acme", "acme"), ("nobody", "wrap"), ("acme", "nobody")] {
            var options = try fixture.options()
            options.manifest.baseKey = try RunFixture.name(bdk)
            options.manifest.protectionKey = try RunFixture.name(kbpk)
            #expect {
                try ProvisionRun(
                    options, in: fixture.site.site, keyring: try fixture.keyring, profiles: HeaderProfiles(),
                    interruption: Interruption())
            } throws: { error in
                switch error as? FacilityError {
                case .keyMissing(let name): name.description == "nobody"
                case .role(let error): error.name.description == (bdk == "wrap" ? "wrap" : "acme")
                default: error is KeyRoleError && bdk != "nobody" && kbpk != "nobody"
                }
            }
        }
    }

    @Test("the same in a row is a fault of the row")
    func rolesOfRows() throws {
        let fixture = try RunFixture()
        let text = """
            device_id,ksn,bdk,kbpk
            T-1,FFFF9876540000200000,wrap,
            T-2,FFFF9876540000400000,,acme
            T-3,FFFF9876540000600000,nobody,
            T-4,FFFF9876540000800000,,nobody
            T-5,1234567890123456,aes,wrap

            """
        guard case .badManifest(let report) = try fixture.run(text, try fixture.options()) else {
            throw RunFixture.Unfinished()
        }
        #expect(report.diagnostics.map(\.line) == [2, 3, 4, 5, 6])
        #expect(report.diagnostics.map(\.column) == ["bdk", "kbpk", "bdk", "kbpk", "kbpk"])
        #expect(try fixture.leftovers.isEmpty)
    }

    @Test("--bdk and --kbpk may be left out where every row names its own")
    func namesInRows() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        (options.manifest.baseKey, options.manifest.protectionKey) = (nil, nil)
        let text = "device_id,ksn,bdk,kbpk\nT,FFFF9876543210E00001,acme,wrap\nA,1234567890123456,aes,wrap-aes\n"
        let record = try fixture.finish(text, options)
        #expect(record.bdk.map(\.name) == ["acme", "aes"])
        #expect(record.kbpk.map(\.name) == ["wrap", "wrap-aes"])
        guard case .badManifest(let report) = try fixture.run(manifest, options) else {
            throw RunFixture.Unfinished()
        }
        #expect(report.diagnostics.filter { $0.severity == .error }.map(\.column) == ["bdk", "kbpk"])
    }

    /// X9.24-1:2009 A.4, its base derivation key written K1 K2 K1.
    @Test("a BDK of three keys with K1 = K3 is a two-key one, also beside its short form")
    func disguisedBaseKey() throws {
        let fixture = try RunFixture()
        try fixture.add(
            RunFixture.key("0123456789ABCDEFFEDCBA98765432100123456789ABCDEF", .tdes3Key), "long", .baseDerivationKey)
        try fixture.add(RunFixture.key("0123456789ABCDEFFEDCBA9876543210", .tdes2Key), "short", .baseDerivationKey)
        var options = try fixture.options()
        options.manifest.baseKey = try RunFixture.name("long")
        try fixture.finish("device_id,ksn\nT,FFFF9876543210E00008\n", options)
        #expect(
            try fixture.read("out/check-values.csv").hasSuffix(
                "\n2,T,,,FFFF9876543210E00000,TDES-2KEY,AF8C07,ANSI_X9_24,long,wrap,issued,\n"))
        try fixture.forgetRuns()
        let text = "device_id,ksn,bdk\nT,FFFF9876543210E00000,long\nU,FFFF9876543210E00000,short\n"
        guard case .badManifest(let report) = try fixture.run(text, try fixture.options("second")) else {
            throw RunFixture.Unfinished()
        }
        #expect(report.diagnostics.map(\.line) == [2, 3])
    }

    @Test("every serial number begins with what the BDK's BI block says")
    func keySet() throws {
        let fixture = try RunFixture()
        try fixture.add(.random(.tdes2Key), "bound", .baseDerivationKey, blocks: [.keySetIdentifier(0xFF_FF98_7654)])
        try fixture.add(.random(.aes128), "bound-aes", .baseDerivationKey, blocks: [.baseDerivationKeyID(0x1234_5678)])
        let good = """
            device_id,ksn,bdk,kbpk
            T-1,FFFF9876540000200000,bound,
            A-1,1234567800000001,bound-aes,wrap-aes

            """
        try fixture.finish(good, try fixture.options())
        let bad = """
            device_id,ksn,bdk,kbpk
            T-1,FFFF9876550000200000,bound,
            A-1,1234567900000001,bound-aes,wrap-aes
            A-2,0234567800000001,bound-aes,wrap-aes

            """
        guard case .badManifest(let report) = try fixture.run(bad, try fixture.options("second")) else {
            throw RunFixture.Unfinished()
        }
        #expect(report.diagnostics.map(\.line) == [2, 3, 4])
        #expect(report.diagnostics.map(\.column) == ["ksn", "ksn", "ksn"])
    }

    @Test("a production site provisions from its keyring only when that was allowed")
    func production() throws {
        let fixture = try RunFixture(.production)
        #expect(throws: FacilityError.policy(.softwareKeys)) { try fixture.run(manifest, try fixture.options()) }
        #expect(try fixture.leftovers.isEmpty)
    }

    @Test("the check by itself says what the run would say, and makes nothing")
    func check() throws {
        let fixture = try RunFixture()
        for text in [manifest, Fleet.mixed.text, manifest + "U,FFFF9876543210E00002\nV,12\n", "device_id\n"] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: fixture.manifestPath))
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: fixture.manifestPath))
            let options = try fixture.options()
            let found = try CheckRun(
                options, in: fixture.site.site, keyring: try fixture.keyring, profiles: HeaderProfiles(),
                interruption: Interruption()
            )
            .run(manifest: file.fileDescriptor) { _ in }
            #expect(try fixture.leftovers.isEmpty)
            switch try fixture.run(text, options) {
            case .finished(let record, let report):
                #expect(found.isGood)
                #expect(found.deviceCount == record.counts.issued)
                #expect(found.digest == report.digest)
                try FileManager.default.removeItem(atPath: fixture.path("out"))
            case .badManifest(let report):
                #expect(!found.isGood)
                #expect(found.diagnostics == report.diagnostics)
                #expect(found.rejectedRowCount == report.rejectedRowCount)
            }
        }
    }

    @Test("the check compares check values by what the keyring says")
    func checkExpectations() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        let checkValue = try fixture.keyring.entry(try RunFixture.name("acme")).checkValue
        options.expectedBaseKeyCheckValue = ExpectedCheckValue(checkValue.lowercased())
        _ = try CheckRun(
            options, in: fixture.site.site, keyring: try fixture.keyring, profiles: HeaderProfiles(),
            interruption: Interruption())
        let other = (checkValue.hasPrefix("0") ? "1" : "0") + checkValue.dropFirst()
        options.expectedBaseKeyCheckValue = ExpectedCheckValue(other)
        #expect(throws: ProvisioningError.self) {
            try CheckRun(
                options, in: fixture.site.site, keyring: try fixture.keyring, profiles: HeaderProfiles(),
                interruption: Interruption())
        }
    }
}
