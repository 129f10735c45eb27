import Facility
import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// What must be written down before a run goes on.
@Suite("The moments of a run")
struct RunMomentTests {
    private static let fleet = "device_id,ksn\nT-1,FFFF9876543210E00000\nT-2,FFFF9876543211000000\n"

    private struct Unwritable: Error {}

    @Test("it begins before a key is taken out and ends before the folder has its name")
    func order() throws {
        let fixture = try RunFixture()
        let options = try fixture.options()
        var (events, seen): ([AuditEvent], [[String]]) = ([], [])
        let outcome = try fixture.run(
            Self.fleet, options,
            witness: { moment in
                var event = AuditEvent("a moment")
                moment.describe(in: &event)
                events.append(event)
                seen.append(try fixture.leftovers)
            })
        guard case .finished(let record, _) = outcome else { throw RunFixture.Unfinished() }
        #expect(seen == [["out.incomplete"], ["out.incomplete"]])
        #expect(try fixture.leftovers == ["out"])
        let keys = [record.bdk[0], record.kbpk[0]]
        for event in events {
            #expect(event.keys.map(\.name) == keys.map(\.name) && event.keys.map(\.kcv) == keys.map(\.kcv))
            #expect(event.keys.map(\.role) == ["bdk", "kbpk"])
            #expect(fact("manifest_sha256", of: event) == record.manifest.sha256)
            #expect(fact("devices", of: event) == "2")
        }
        let sums = Hexadecimal.text(ContentDigest.sha256(try fixture.read("out/SHA256SUMS").utf8)).lowercased()
        #expect(fact("output_sha256", of: events[1]) == sums)
        #expect((fact("issued", of: events[1]), fact("rejected", of: events[1])) == ("2", "0"))
    }

    @Test("a moment that cannot be written ends the run; only one that made nothing leaves nothing", arguments: [0, 1])
    func unwritable(failing: Int) throws {
        let fixture = try RunFixture()
        var count = 0
        #expect {
            _ = try fixture.run(
                Self.fleet, try fixture.options(),
                witness: { _ in
                    defer { count += 1 }
                    if count == failing { throw Unwritable() }
                })
        } throws: { error in
            failing == 0 ? error is Unwritable : (error as? StoppedRun)?.cause is Unwritable
        }
        #expect(count == failing + 1)
        #expect(try fixture.leftovers == (failing == 0 ? [] : ["out.incomplete"]))
    }

    @Test("where somebody took the folder's name after the end was written, the run fails all the same")
    func nameTaken() throws {
        let fixture = try RunFixture()
        let options = try fixture.options()
        #expect {
            _ = try fixture.run(
                Self.fleet, options,
                witness: { moment in
                    guard case .ending = moment else { return }
                    try FileManager.default.createDirectory(
                        atPath: options.output, withIntermediateDirectories: false)
                })
        } throws: { error in
            (error as? StoppedRun)?.cause as? OutputError == .exists(path: options.output)
        }
        #expect(try fixture.leftovers == ["out", "out.incomplete"])
    }

    @Test("a manifest with faults takes no key out")
    func badManifest() throws {
        let fixture = try RunFixture()
        var count = 0
        _ = try fixture.run("device_id,ksn\nT-1,1\n", try fixture.options(), witness: { _ in count += 1 })
        #expect(count == 0)
    }

    private func fact(_ name: String, of event: AuditEvent) -> String? {
        event.facts.first { $0.name == name }?.value
    }
}
