import Foundation
import Testing

/// A million devices through the command, with memory as design promises it: 64 MiB, and 32 bytes a device.
@Suite(.serialized) struct ScaleTests {
    private static let count = 1_000_000
    private static let memoryAllowed = 64 * 1_024 + count * 32 / 1_024

    @Test(arguments: [false, true])
    func `A million rows are provisioned in little memory`(_ isShuffled: Bool) throws {
        let workspace = try Workspace(site: true)
        let outcome = try workspace.ipek(
            ["provision", "-", "--output", "out", "--layout", "csv", "--quiet"] + sampleKeys,
            input: .stream(FleetText(count: Self.count, isShuffled: isShuffled).write))
        #expect(outcome.status == 0, "\(outcome.standardError)")
        #expect(outcome.peakMemory > 10_000 && outcome.peakMemory < Self.memoryAllowed)
        let counted = try workspace.shell(
            "cut -d, -f1,4 out/keyblocks.csv | tail -n +2 | tee /dev/stderr 2> >(cut -d, -f2 | sort -u | wc -l > distinct)"
                + " | awk -F, '$1 != \"T-\" NR-1 { exit 1 } END { print NR }'; sleep 0.2; cat distinct")
        #expect(counted.standardOutput == "\(Self.count)\n\(Self.count)\n")
        #expect(try workspace.shell("wc -l < out/check-values.csv").standardOutput == "\(Self.count + 1)\n")
        #expect(try workspace.shell("cd out && sha256sum -c --quiet SHA256SUMS").status == 0)
    }

    /// What came back in another order than it was issued, and a third of it wrong.
    @Test func `Hundreds of thousands of rows are reconciled in little memory`() throws {
        let (workspace, count) = (try Workspace(site: true), 300_000)
        let made = try workspace.ipek(
            ["provision", "-", "--output", "out", "--layout", "csv", "--quiet"] + sampleKeys,
            input: .stream(FleetText(count: count, isShuffled: true).write))
        #expect(made.status == 0, "\(made.standardError)")
        let returned = try workspace.shell(
            "(echo device_id,kcv,status; tail -n +2 out/check-values.csv"
                + " | awk -F, '{ print $2 \",\" (NR % 3 ? $7 : \"000000\") \",ok\" }' | tac) > back.csv")
        #expect(returned.status == 0)
        let outcome = try workspace.ipek(
            ["reconcile", "out", "back.csv", "--json", "--quiet", "--passphrase-file", "passphrase"])
        #expect(outcome.status == 1, "\(outcome.standardError)")
        for text in ["\"confirmed\" : 200000", "\"mismatch\" : 100000", "\"missing\" : 0"] {
            #expect(outcome.standardOutput.contains(text), "\(outcome.standardOutput)")
        }
        #expect(outcome.peakMemory > 5_000 && outcome.peakMemory < 64 * 1_024 + count * 32 / 1_024)
        let counted = try workspace.shell("tail -n +2 out.reconciliation.csv | cut -d, -f2 | sort -u | wc -l")
        #expect(counted.standardOutput == "\(count)\n")
    }

    @Test func `A duplicate at the far end of a large manifest is found`() throws {
        let workspace = try Workspace(site: true)
        let outcome = try workspace.ipek(
            ["check", "-", "--bdk", "bdk-tdes"],
            input: .stream { write in
                FleetText(count: 300_000, isShuffled: true).write(write)
                _ = Array("LAST,FFFF9876000000000001,Kiosk\n".utf8).withUnsafeBytes(write)
            })
        #expect(outcome.status == 65)
        #expect(
            outcome.standardError.hasPrefix(
                "-:2: error: ksn: same initial key serial number FFFF9876000000000000 as on line 300002\n"
                    + "-:300002: error: ksn: same initial key serial number FFFF9876000000000000 as on line 2\n"))
    }

    /// What has no line end is refused at the limit of a record, and never held in memory.
    @Test(arguments: ["", "device_id,ksn\n", "device_id,ksn\n\"", "device_id,ksn\nT-1,\""])
    func `Two hundred megabytes without a line end take little memory`(_ beginning: String) throws {
        let workspace = try Workspace(site: true)
        let outcome = try workspace.ipek(
            ["provision", "-", "--output", "out", "--quiet"] + sampleKeys,
            input: .stream { write in
                guard Array(beginning.utf8).withUnsafeBytes(write) else { return }
                let block = [UInt8](repeating: 0x78, count: 1 << 16)
                for _ in 0..<3_200 { guard block.withUnsafeBytes(write) else { return } }
            })
        #expect(outcome.status == 65)
        #expect(outcome.standardError.contains("-:\(beginning.isEmpty ? 1 : 2): error: "))
        #expect(outcome.peakMemory > 5_000 && outcome.peakMemory < 64 * 1_024)
        #expect(!workspace.exists("out") && !workspace.exists("out.incomplete"))
    }
}

/// The sample TDES keys and the passphrase of the test site.
let sampleKeys = ["--bdk", "bdk-tdes", "--kbpk", "kbpk-tdes", "--passphrase-file", "passphrase"]
