import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

struct ReconciliationTests {
    private static let manifest = """
        device_id,ksn
        T-1,FFFF9876540000200000
        T-2,FFFF9876540000400000
        T-3,FFFF9876540000600000

        """

    private func fixture() throws -> ReconciliationFixture {
        try ReconciliationFixture(Self.manifest, keepsGoing: false)
    }

    @Test func `Two reconciliations at once do not lose what one of them adds`() throws {
        let fixture = try fixture()
        let values = fixture.devices.map(\.checkValue)
        do {
            guard case .compared(let first) = try fixture.compare("device_id,kcv\nT-1,\(values[0])\n") else {
                throw RunFixture.Unfinished()
            }
            #expect(throws: ReconciliationError.inUse(path: fixture.site.path("out"))) {
                try fixture.compare("device_id,kcv\nT-2,\(values[1])\n")
            }
            try first.record(operators: [], auditHead: nil)
        }
        let again = try fixture.reconcile("device_id,kcv\nT-2,\(values[1])\n")
        #expect(again.buckets.confirmed == 2)
        #expect(again.earlier.count == 1)
    }

    @Test func `What was not recorded leaves nothing behind`() throws {
        let fixture = try fixture()
        do { _ = try fixture.compare("device_id,kcv\nT-1,112233\n") }
        #expect(try fixture.site.leftovers == ["out", "r.csv"])
        let runs = try FileManager.default.contentsOfDirectory(atPath: fixture.site.path("site/runs"))
        #expect(runs.count == 1)
    }

    @Test func `An interruption leaves nothing behind`() throws {
        let fixture = try fixture()
        let path = fixture.site.path("r.csv")
        try Data("device_id,kcv\nT-1,112233\n".utf8).write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        let interruption = Interruption()
        let run = try ReconciliationRun(fixture.options(), interruption: interruption)
        interruption.request()
        #expect(throws: ProvisioningError.interrupted) {
            try run.compare(returned: file.fileDescriptor, in: fixture.site.site) { _ in }
        }
        #expect(try fixture.site.leftovers == ["out", "r.csv"])
    }

    @Test func `A list of files that is not the run's own is noticed by the ledger`() throws {
        let fixture = try fixture()
        let path = fixture.site.path("out/SHA256SUMS")
        let lines = try fixture.site.read("out/SHA256SUMS").split(separator: "\n").reversed()
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: ReconciliationError.self) {
            _ = try fixture.compare("device_id,kcv\nT-1,112233\n")
        }
        guard case .notAsIssued = error else { throw RunFixture.Unfinished() }
    }

    @Test(arguments: [
        "run.json", "check-values.csv", "SHA256SUMS",
    ])
    func `A file that is missing, a link or a folder is told`(_ name: String) throws {
        let fixture = try fixture()
        let (path, other) = (fixture.site.path("out/\(name)"), fixture.site.path("elsewhere"))
        let files = FileManager.default
        try files.moveItem(atPath: path, toPath: other)
        func refused() -> ReconciliationError? {
            #expect(throws: ReconciliationError.self) { _ = try fixture.compare("device_id,kcv\nT-1,112233\n") }
        }
        #expect(refused()?.description.hasSuffix("\(name) is missing") == true)
        try files.createSymbolicLink(atPath: path, withDestinationPath: other)
        #expect(refused()?.description.hasSuffix("\(name) is a symbolic link, which is not followed") == true)
        try files.removeItem(atPath: path)
        try files.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(refused()?.description.hasSuffix("\(name) is no file") == true)
    }

    @Test func `No cell of the report begins a formula`() throws {
        let manifest = "device_id,ksn\nT-1,FFFF9876540000200000\n=T-2,-1+1\n+3,@x\n"
        let fixture = try ReconciliationFixture(manifest)
        _ = try fixture.reconcile("device_id,kcv,status,ksn\n=cmd,1,@a,+1\nT-1,,=1+1,\n\"-a,b\",9999,ok,=2\n")
        for name in ["out.reconciliation.csv", "out/check-values.csv"] {
            for row in try fixture.site.read(name).split(separator: "\n") {
                let starts = row.split(separator: ",").map { $0.drop { $0 == "\"" }.first ?? "x" }
                #expect(!starts.contains { "=+-@".contains($0) }, "\(row)")
            }
        }
    }
}
