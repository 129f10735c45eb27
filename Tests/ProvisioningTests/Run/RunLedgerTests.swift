import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// No serial number is issued twice, and the ledger tells what became of each.
@Suite("A run and the ledger")
struct RunLedgerTests {
    private static let fleet = "device_id,ksn,slot\nT-1,FFFF9876543210E00000,\nT-2,FFFF9876543211000000,A\n"

    private func ledger(_ fixture: RunFixture) throws -> Ledger { try #require(try Ledger.open(fixture.site.site)) }

    @Test("a run is reserved while it goes on and issued at its end, with everything that is known of it")
    func life() throws {
        let fixture = try RunFixture()
        var options = try fixture.options()
        (options.operators, options.note) = (["Ada"], "first batch")
        var states: [LedgerRun.State] = []
        let outcome = try fixture.run(
            Self.fleet, options,
            witness: { _ in states += try ledger(fixture).runs().map(\.state) })
        guard case .finished(let record, _) = outcome else { throw RunFixture.Unfinished() }
        // The audit log's line of the end is written when the ledger has it.
        #expect(states == [.reserved, .issued])
        let run = try #require(try ledger(fixture).runs().first)
        #expect(run.identifier.description == record.runId && run.state == .issued)
        #expect(run.start.operators.map(\.description) == ["Ada"] && run.start.note == "first batch")
        #expect(run.start.manifest?.name == "m.csv" && run.start.manifest?.sha256.description == record.manifest.sha256)
        #expect(run.start.keys.map(\.name) == ["acme", "wrap"] && run.start.keys.map(\.kcv.isEmpty) == [false, false])
        #expect(run.start.output == fixture.path("out") && run.completion?.output == fixture.path("out"))
        let sums = ContentDigest.sha256(try fixture.read("out/SHA256SUMS").utf8)
        #expect(run.completion?.sums?.bytes == sums)
        #expect((run.completion?.issued, run.completion?.rejected) == (2, 0))
        #expect(run.numbers.map(\.count) == [2])
        try ledger(fixture).verify()
    }

    @Test("the site tells a device's story without the run's folder")
    func story() throws {
        let fixture = try RunFixture()
        try fixture.finish(Self.fleet, try fixture.options())
        let report = try fixture.read("out/check-values.csv").split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        try FileManager.default.removeItem(atPath: fixture.path("out"))
        for row in report {
            let chapters = try ledger(fixture).history(ofDevice: row[1], in: fixture.site.site).chapters
            #expect(chapters.map(\.entry.number.description) == [row[4]])
            #expect(chapters.map(\.entry.slot) == [row[3]] && chapters.map(\.entry.kcv) == [row[6]])
        }
    }

    @Test("a number that a run has is a bad row, whatever the key is called, in the check as in the run")
    func issuedBefore() throws {
        let fixture = try RunFixture()
        let first = try fixture.finish(Self.fleet, try fixture.options())
        let again = "device_id,ksn,bdk,quantity\nU{n},FFFF9876543210A00000,acme-again,4\nV,FFFF9876543212000000,,\n"
        guard case .badManifest(let report) = try fixture.run(again, try fixture.options("second")) else {
            throw RunFixture.Unfinished()
        }
        let message =
            "expected a number that no run has, found initial key serial number FFFF9876543210E00000 of run \(first.runId),"
            + " which has issued it"
        #expect(report.diagnostics.map(\.message) == [message] && report.diagnostics.map(\.line) == [2])
        #expect(report.diagnostics.first?.column == "ksn" && report.diagnostics.first?.hint != nil)
        #expect(try fixture.leftovers == ["out"])
        #expect(try ledger(fixture).runs().count == 1)
        let check = try CheckRun(
            try fixture.options("second"), in: fixture.site.site, keyring: try fixture.keyring,
            profiles: fixture.profiles, interruption: Interruption())
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: fixture.manifestPath))
        #expect(try check.run(manifest: file.fileDescriptor, progress: { _ in }).diagnostics == report.diagnostics)
    }

    @Test("with --keep-going such a row is rejected, and the others are provisioned; bad rows take no number")
    func keepsGoing() throws {
        let fixture = try RunFixture()
        try fixture.finish(Self.fleet, try fixture.options())
        var options = try fixture.options("second")
        options.keepsGoing = true
        let text = """
            device_id,ksn
            A,FFFF9876543210E00000
            B,FFFF9876543212000000
            C,FFFF9876543213000000
            C,FFFF9876543214000000
            D,FFFF9876543215000000
            E,FFFF9876543215000000

            """
        let record = try fixture.finish(text, options)
        #expect((record.counts.issued, record.counts.rejected) == (1, 5))
        #expect(try fixture.read("second/rejected.csv").contains("A,FFFF9876543210E00000,2,"))
        let run = try #require(try ledger(fixture).runs().last)
        #expect((run.start.devices, run.start.rejected) == (6, 5))
        #expect(run.numbers.map(\.count) == [1])
        // What the bad rows did not get, others may have.
        options.output = fixture.path("third")
        let third = try fixture.finish("device_id,ksn\nC,FFFF9876543213000000\nD,FFFF9876543215000000\n", options)
        #expect(third.counts.issued == 2)
    }

    @Test("a run that fails before it has made anything gives its numbers back")
    func release() throws {
        struct Failure: Error {}
        let fixture = try RunFixture()
        #expect(throws: Failure.self) {
            _ = try fixture.run(Self.fleet, try fixture.options(), witness: { _ in throw Failure() })
        }
        let run = try #require(try ledger(fixture).runs().first)
        #expect(run.state == .released)
        #expect(run.voiding?.reason.hasPrefix("the run failed: ") == true)
        try fixture.finish(Self.fleet, try fixture.options("second"))
    }

    @Test("whoever comes second to a number is told who has it, and takes none")
    func race() throws {
        let fixture = try RunFixture()
        var other: ProvisioningError?
        _ = try fixture.run(
            Self.fleet, try fixture.options(),
            witness: { moment in
                guard case .beginning = moment else { return }
                let start = LedgerRun.Start(
                    identifier: try #require(RunIdentifier("other")), kind: .run, started: "2026-01-01T00:00:00Z")
                let entry = try fixture.keyring.entry(RunFixture.name("acme-again"))
                let number = try KeySerialNumber("FFFF9876543211000000", family: .tdes).initial
                let claim = LedgerClaim(
                    baseKey: try #require(entry.fingerprint), numbers: SerialNumberSet(family: .tdes, [number]))
                do { _ = try RunReservation(start, [claim], in: fixture.site.site) } catch let error
                    as ProvisioningError
                { other = error }
            })
        let run = try #require(try ledger(fixture).runs().first)
        #expect(
            other
                == .taken(
                    try KeySerialNumber("FFFF9876543211000000", family: .tdes).initial, by: run.identifier, count: 1))
        #expect(try ledger(fixture).runs().count == 1)
    }
}
