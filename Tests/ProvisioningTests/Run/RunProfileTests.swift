import Facility
import PaymentCrypto
import Testing

@testable import Provisioning

/// Header profiles in a run: which one counts, and that any number of them can be used.
@Suite("Header profiles of a run")
struct RunProfileTests {
    /// More than a worker has room for at once, in turn, so that workshops are set up again and again.
    @Test("hundreds of profiles, each row its own", arguments: [(1, 4096), (3, 16)])
    func manyProfiles(jobs: Int, capacity: Int) throws {
        let fixture = try RunFixture()
        fixture.profiles = HeaderProfiles(try (0..<300).map { try Self.profile("p\($0)", ["42=p\($0)"]) })
        #expect(300 * 16 * InitialKeyWorkshop.mostLockedByteCountPerRow > LockedArena.workerByteCount)
        var options = try fixture.options()
        (options.manifest.jobs, options.manifest.chunkCapacity) = (jobs, capacity)
        options.profile = try RunFixture.name("p7")
        let rows = (0..<700).map { row in
            "T-\(row),\(Self.serialNumber(row)),\(row % 10 == 9 ? "" : "p\(row * 7 % 300)")\n"
        }
        let record = try fixture.finish("device_id,ksn,profile\n" + rows.joined(), options)
        let blocks = try Self.keyBlocks(fixture)
        let marks = try Self.marks(fixture, "out")
        #expect(blocks.count == rows.count)
        for (row, block) in blocks.enumerated() {
            let expected = row % 10 == 9 ? "p7" : "p\(row * 7 % 300)"
            #expect(marks[row] == expected)
            let isHeld = try fixture.holds(block, bdk: "acme", kbpk: "wrap", ksn: Self.serialNumber(row))
            #expect(isHeld)
        }
        #expect(record.header?.profile == "p7")
        let used = Set((0..<700).filter { $0 % 10 != 9 }.map { "p\($0 * 7 % 300)" }).subtracting(["p7"])
        #expect(Set((record.profiles ?? []).compactMap(\.profile)) == used)
        #expect(record.profiles?.count == used.count)
    }

    @Test("the row's profile, else that of the options, else the site's own")
    func choice() throws {
        let fixture = try RunFixture()
        let profiles = try ["one", "two", "three"].map { try Self.profile($0, ["42=\($0)"]) }
        fixture.profiles = HeaderProfiles(profiles, standard: try RunFixture.name("one"))
        var options = try fixture.options("standard")
        let manifest = "device_id,ksn,profile\nA,\(Self.serialNumber(0)),\nB,\(Self.serialNumber(1)),three\n"
        try fixture.finish(manifest, options)
        #expect(try Self.marks(fixture, "standard") == ["one", "three"])
        options = try fixture.options("option")
        options.profile = try RunFixture.name("two")
        try fixture.forgetRuns()
        try fixture.finish(manifest, options)
        #expect(try Self.marks(fixture, "option") == ["two", "three"])
        options = try fixture.options("over")
        options.header.optionalBlocks = [try OptionalBlockOption(argument: "42=over")]
        try fixture.forgetRuns()
        try fixture.finish(manifest, options)
        #expect(try Self.marks(fixture, "over") == ["over", "over"])
    }

    @Test("what is missing or cannot be is refused, and nothing is left")
    func refusals() throws {
        let fixture = try RunFixture()
        var wide = HeaderOptions()
        wide.exportability = .sensitive
        fixture.profiles = HeaderProfiles([HeaderProfile(name: try RunFixture.name("wide"), options: wide)])
        let manifest = "device_id,ksn\nA,\(Self.serialNumber(0))\n"
        var options = try fixture.options()
        options.profile = try RunFixture.name("nobody")
        #expect(throws: FacilityError.profileMissing(try RunFixture.name("nobody"))) {
            try fixture.run(manifest, options)
        }
        options.profile = try RunFixture.name("wide")
        let refusal = ProvisioningError.refused("header profile 'wide': \(HeaderOptionError.exportability(.sensitive))")
        #expect(throws: refusal) { try fixture.run(manifest, options) }
        #expect(try fixture.leftovers.isEmpty)
        // The options may give the leave that the profile does not.
        options.header.allowsExportable = true
        try fixture.finish(manifest, options)
    }

    private static func profile(_ name: String, _ blocks: [String]) throws -> HeaderProfile {
        var options = HeaderOptions()
        options.optionalBlocks = try blocks.map { try OptionalBlockOption(argument: $0) }
        return HeaderProfile(name: try RunFixture.name(name), options: options)
    }

    private static func serialNumber(_ row: Int) -> String {
        InitialKeySerialNumber(family: .tdes, leading: 0xFFFF_9876_5400_0000 + UInt64(row) << 5).description
    }

    private static func keyBlocks(_ fixture: RunFixture, _ output: String = "out") throws -> [String] {
        try fixture.read("\(output)/keyblocks.csv").split(separator: "\n").dropFirst().map { line in
            String(line.split(separator: ",", omittingEmptySubsequences: false).last ?? "")
        }
    }

    private static func marks(_ fixture: RunFixture, _ output: String) throws -> [String] {
        let id = try #require(OptionalBlock.Identifier("42"))
        return try keyBlocks(fixture, output).map { block in
            try UnverifiedKeyBlock(block).header.optionalBlock(id)?.data ?? ""
        }
    }
}
