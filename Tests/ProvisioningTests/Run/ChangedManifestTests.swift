import Foundation
import PaymentCrypto
import Testing

@testable import Provisioning

/// What is provisioned is what was checked: a manifest that changes in between is refused, and nothing is left.
@Suite("A manifest that changes between the passes")
struct ChangedManifestTests {
    private static let manifest = """
        device_id,ksn,bdk,kbpk
        T-1,FFFF9876540000200000,acme,wrap
        T-2,FFFF9876540000400000,acme,wrap
        T-3,FFFF9876540000600000,acme,wrap

        """

    /// Each is as long as the manifest: only a digest tells.
    private static let changes: [(String, String)] = [
        ("another serial number", manifest.replacingOccurrences(of: "600000,", with: "800000,")),
        ("another name", manifest.replacingOccurrences(of: "T-2", with: "T-9")),
        ("a row that is bad", manifest.replacingOccurrences(of: "T-2", with: "T 2")),
        (
            "a key that the first pass did not see",
            manifest.replacingOccurrences(of: "600000,acme,wrap", with: "600000,,wrap-aes")
        ),
        ("a key that is not there", manifest.replacingOccurrences(of: "600000,acme", with: "600000,nope")),
        ("a duplicate", manifest.replacingOccurrences(of: "FFFF9876540000600000", with: "FFFF9876540000400000")),
        ("a header that is bad", manifest.replacingOccurrences(of: "device_id", with: "device_xx")),
        ("a row less", manifest.replacingOccurrences(of: "\nT-3,FFFF", with: "\n\n\n\n\n\n\n\n\n")),
        ("another case", manifest.replacingOccurrences(of: "FFFF98765400004", with: "ffff98765400004")),
        ("nothing", String(repeating: "\n", count: manifest.utf8.count)),
    ]

    @Test("is refused", arguments: changes.map(\.0), [true, false])
    func refused(change: String, keepsGoing: Bool) throws {
        let fixture = try RunFixture()
        let changed = try #require(Self.changes.first { $0.0 == change }).1
        var options = try fixture.options()
        options.keepsGoing = keepsGoing
        for jobs in [1, 3] {
            options.manifest.jobs = jobs
            let path = fixture.manifestPath
            #expect {
                try fixture.run(Self.manifest, options) { progress in
                    // By now all of it was read once.
                    guard case .checking(devices: 3) = progress else { return }
                    guard let file = FileHandle(forUpdatingAtPath: path) else { return }
                    try? file.write(contentsOf: Data(changed.utf8))
                    try? file.close()
                }
            } throws: { error in
                error as? ProvisioningError == .manifestChanged || error as? ManifestReadError == .changed
            }
            #expect(try fixture.read("m.csv") == changed)
            #expect(try fixture.leftovers.isEmpty)
        }
    }

    @Test("what is added at its end is seen too")
    func longer() throws {
        let fixture = try RunFixture()
        let path = fixture.manifestPath
        #expect {
            try fixture.run(Self.manifest, try fixture.options()) { progress in
                guard case .checking = progress, let file = FileHandle(forUpdatingAtPath: path) else { return }
                _ = try? file.seekToEnd()
                try? file.write(contentsOf: Data("T-4,FFFF9876540000800000,acme,wrap\n".utf8))
                try? file.close()
            }
        } throws: { error in
            error as? ManifestReadError == .changed
        }
        #expect(try fixture.leftovers.isEmpty)
    }
}
