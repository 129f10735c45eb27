import PaymentCrypto
import Testing

@testable import Provisioning

/// Runs that keep going, and what they say of the rows that were refused.
@Suite("Rows that a run refuses")
struct RejectedRowTests {
    private static let manifest = """
        device_id,note,ksn,model
        T-1,good,FFFF9876540000200000,M
        T-2,too few
        T-3,"quoted, ""and"" more",123,M
        T-4,too many,FFFF9876540000800000,M,one,"two, too"
        T-5,good,FFFF9876540000A00000,M
        T-6,"over
        two lines",FFFF9876540000C00000,=M

        T-7,twice,FFFF9876540000E00001,M
        T-8,twice,FFFF9876540000E00002,M
        lonely
        T-9,good,FFFF9876540001200000,M

        """

    @Test(
        "line and reason stay in their columns, whatever the row has; the others are provisioned",
        arguments: [1, 2, 7],
        [1, 3, 4096])
    func keepGoing(jobs: Int, capacity: Int) throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.keepsGoing = true
        options.manifest.jobs = jobs
        options.manifest.chunkCapacity = capacity
        let outcome = try fixture.run(Self.manifest, options)
        guard case .finished(let record, let report) = outcome else { throw RunFixture.Unfinished() }
        #expect(record.counts.issued == 3)
        #expect(record.counts.rejected == 7)
        #expect(record.counts.devices == 10)
        #expect(report.rejectedRowCount == 7)
        #expect(try fixture.read("out/rejected.csv") == Self.rejected)
        try checkReport(fixture)
        #expect(try fixture.read("out/keyblocks.csv").split(separator: "\n").count == 4)
        #expect(try fixture.read("out/SHA256SUMS").contains("  rejected.csv\n"))
    }

    private static let rejected = """
        device_id,note,ksn,model,line,reason
        T-2,too few,,,3,"expected 4 fields, found 2"
        T-3,"quoted, ""and"" more",123,M,4,"ksn: expected 20 hexadecimal digits, since key 'acme' is a TDES key, found 3"
        T-4,too many,FFFF9876540000800000,M,5,"expected 4 fields, found 6"
        T-6,"over
        two lines",FFFF9876540000C00000,=M,7,"model: must not begin with =, +, - or @, found '='"
        T-7,twice,FFFF9876540000E00001,M,10,ksn: same initial key serial number FFFF9876540000E00000 as on line 11
        T-8,twice,FFFF9876540000E00002,M,11,ksn: same initial key serial number FFFF9876540000E00000 as on line 10
        lonely,,,,12,"expected 4 fields, found 1"

        """

    /// One line for each row, in the order of the manifest; rejected ones as they were written, without check value.
    private func checkReport(_ fixture: RunFixture) throws {
        let lines = try fixture.read("out/check-values.csv").split(separator: "\n").dropFirst().map(String.init)
        #expect(lines.map { $0.prefix { $0 != "," } } == ["2", "3", "4", "5", "6", "7", "10", "11", "12", "13"])
        let rejected = lines.filter { $0.contains(",rejected,") }
        #expect(rejected.count == 7)
        #expect(rejected[0] == #"3,T-2,,,,,,,,,rejected,"expected 4 fields, found 2""#)
        #expect(
            rejected[1]
                == #"4,T-3,M,,123,TDES-2KEY,,ANSI_X9_24,acme,wrap,rejected,"ksn: expected 20 hexadecimal digits, since key 'acme' is a TDES key, found 3""#
        )
        #expect(rejected[4].hasPrefix("10,T-7,M,,FFFF9876540000E00001,TDES-2KEY,,ANSI_X9_24,acme,wrap,rejected,"))
        #expect(lines.filter { $0.hasSuffix(",issued,") }.count == 3)
    }

    @Test("without --keep-going the same manifest is refused as a whole")
    func stop() throws {
        let fixture = try RunFixture()
        guard case .badManifest(let report) = try fixture.run(Self.manifest, try fixture.options()) else {
            throw RunFixture.Unfinished()
        }
        #expect(report.rejectedRowCount == 7)
        #expect(report.errorCount >= 7)
        #expect(try fixture.leftovers.isEmpty)
    }

    @Test("a good manifest with --keep-going has a rejected.csv without rows")
    func nothingRejected() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.keepsGoing = true
        try fixture.finish("device_id,ksn,\"a \"\"b\"\", c\"\nT,FFFF9876540000200000,\n", options)
        #expect(try fixture.read("out/rejected.csv") == "device_id,ksn,\"a \"\"b\"\", c\",line,reason\n")
    }

    @Test("a file that cannot be told apart into records is refused even with --keep-going")
    func spoilt() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        options.keepsGoing = true
        for manifest in ["device_id,ksn\nT,FFFF9876540000200000\n\"U,FFFF9876540000400000\n", "device_id\nT\n", ""] {
            guard case .badManifest(let report) = try fixture.run(manifest, options) else {
                throw RunFixture.Unfinished()
            }
            #expect(report.errorCount > 0)
            #expect(try fixture.leftovers.isEmpty)
        }
    }

    @Test("two names of one BDK are one BDK: the same serial number under both is found twice")
    func oneKeyUnderTwoNames() throws {
        let fixture = try RunFixture()
        let manifest = """
            device_id,ksn,bdk
            T-1,FFFF9876540000200000,acme
            T-2,FFFF9876540000200007,acme-again
            T-3,FFFF9876540000400000,acme-again

            """
        guard case .badManifest(let report) = try fixture.run(manifest, try fixture.options()) else {
            throw RunFixture.Unfinished()
        }
        #expect(report.diagnostics.filter { $0.severity == .error }.map(\.line) == [2, 3])
        #expect(report.diagnostics.filter { $0.severity == .error }.map(\.column) == ["ksn", "ksn"])
        #expect(try fixture.leftovers.isEmpty)
    }

    @Test("the same serial number under two BDKs is no duplicate")
    func twoKeys() throws {
        let fixture = try RunFixture()
        let manifest = """
            device_id,ksn,bdk,kbpk
            A-1,1234567800000001,aes,wrap-aes
            A-2,1234567800000001,aes-big,wrap-aes

            """
        #expect(try fixture.finish(manifest, try fixture.options()).counts.issued == 2)
    }
}
