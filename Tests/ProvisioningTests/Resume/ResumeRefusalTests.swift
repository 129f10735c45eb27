import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// What was begun with one manifest, key, option or version is completed with it, and the difference has a name.
@Suite("A run that is taken up with something else")
struct ResumeRefusalTests {
    private static let fleet =
        "device_id,ksn\n"
        + (1...40).map {
            "T-\($0),\(InitialKeySerialNumber(family: .tdes, leading: 0xFFFF_9876_5400_0000 + UInt64($0) << 5))\n"
        }
        .joined()

    private static func begun(_ fixture: RunFixture) throws -> ProvisionOptions {
        var options = try fixture.options()
        (options.manifest.chunkCapacity, options.note) = (4, "first")
        let interruption = Interruption()
        #expect(throws: StoppedRun.self) {
            try fixture.run(Self.fleet, options, interruption: interruption) { progress in
                if case .provisioning(let done, _) = progress, done >= 8 { interruption.request() }
            }
        }
        return options
    }

    /// Each names what differs.
    private static let changes: [(String, @Sendable (inout ProvisionOptions) throws -> Void)] = [
        ("--bdk", { $0.manifest.baseKey = try RunFixture.name("acme-again") }),
        ("--kbpk", { $0.manifest.protectionKey = try RunFixture.name("wrap-aes") }),
        ("--layout", { $0.layout = .jsonl }), ("--keep-going", { $0.keepsGoing = true }),
        ("--note", { $0.note = "second" }), ("--note", { $0.note = nil }),
        ("--key-version", { $0.header.keyVersion = KeyVersionNumber("07") }),
        ("--optional-block", { $0.header.optionalBlocks = [try OptionalBlockOption(argument: "TS")] }),
        ("--kcv-algorithm", { $0.checkValueMethod = .cmac }), ("--kcv-bytes", { $0.checkValueByteCount = 2 }),
        ("--ksn-padding", { $0.manifest.padding = .leftF }), ("--tdes-engine", { $0.tdesEngine = .openssl }),
        ("--map", { $0.manifest.mappings = [try ColumnMapping(pair: "model=type")] }),
        ("version", { $0.toolVersion = "0.0" }),
    ]

    @Test("options, one by one", arguments: changes.indices)
    func options(_ index: Int) throws {
        let fixture = try RunFixture()
        let options = try Self.begun(fixture)
        let (name, change) = Self.changes[index]
        var changed = options
        try change(&changed)
        #expect {
            try fixture.run(Self.fleet, changed, resumes: true)
        } throws: { error in
            guard case .different(let what, _, _) = error as? ResumeError else { return false }
            return what == name
        }
        guard case .finished = try fixture.run(Self.fleet, options, resumes: true) else {
            throw RunFixture.Unfinished()
        }
    }

    @Test("what decides nothing may differ: jobs, operators")
    func free() throws {
        let fixture = try RunFixture()
        var options = try Self.begun(fixture)
        (options.manifest.jobs, options.operators) = (3, ["Grace"])
        guard case .finished(let record, _) = try fixture.run(Self.fleet, options, resumes: true) else {
            throw RunFixture.Unfinished()
        }
        #expect(record.jobs == 3)
    }

    @Test("the manifest")
    func manifest() throws {
        let fixture = try RunFixture()
        let options = try Self.begun(fixture)
        for text in [Self.fleet + "T-99,FFFF9876549999000000\n", Self.fleet + "\n", "device_id,ksn\nT 1,1\n"] {
            #expect {
                try fixture.run(text, options, resumes: true)
            } throws: { error in
                if case .otherManifest = error as? ResumeError { true } else { false }
            }
        }
    }

    @Test("a profile of the site that says something else by now")
    func profile() throws {
        let fixture = try RunFixture()
        let options = try Self.begun(fixture)
        var header = HeaderOptions()
        header.keyVersion = KeyVersionNumber("09")
        let name = try RunFixture.name("later")
        fixture.profiles = HeaderProfiles([HeaderProfile(name: name, options: header)], standard: name)
        #expect {
            try fixture.run(Self.fleet, options, resumes: true)
        } throws: { error in
            guard case .different(let what, _, _) = error as? ResumeError else { return false }
            return what.hasPrefix("header")
        }
    }
}
