import Foundation
import Glibc
import Testing

/// Ctrl-C at any time leaves nothing, and the status tells.
@Suite(.serialized) struct InterruptionTests {
    private static let fleet = FleetText(count: 400_000)

    @Test func `Interrupted while the manifest comes in`() throws {
        let workspace = try Workspace(site: true)
        var invocation = try workspace.invocation(
            ["provision", "-", "--output", "out", "--layout", "csv"] + sampleKeys,
            input: .stream { write in
                Self.fleet.write(write)
                // Longer than any test waits: only the interruption ends the run.
                sleep(20)
            })
        invocation.signal = SIGINT
        invocation.signalWhen = { workspace.exists("out.incomplete") }
        try expectNothingLeft(try invocation.run(), workspace)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `Interrupted while keys are made`(_ signal: Int32) throws {
        let workspace = try Workspace(site: true)
        FileManager.default.createFile(atPath: "\(workspace.folder)/fleet.csv", contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: "\(workspace.folder)/fleet.csv"))
        Self.fleet.write { bytes in
            file.write(Data(bytes))
            return true
        }
        var invocation = try workspace.invocation(
            ["provision", "fleet.csv", "--output", "out", "--layout", "files", "--jobs", "1"] + sampleKeys)
        invocation.signal = signal
        invocation.signalWhen = { workspace.exists("out.incomplete/devices/T-1000.tr31") }
        try expectNothingLeft(try invocation.run(), workspace)
    }

    @Test func `Interrupted while a manifest is checked`() throws {
        let workspace = try Workspace(site: true)
        var invocation = try workspace.invocation(
            ["check", "-", "--bdk", "bdk-tdes"],
            input: .stream { write in
                Self.fleet.write(write)
                sleep(20)
            })
        invocation.signal = SIGINT
        let start = Date()
        invocation.signalWhen = { Date().timeIntervalSince(start) > 0.5 }
        try expectNothingLeft(try invocation.run(), workspace)
    }

    private func expectNothingLeft(_ outcome: Invocation.Outcome, _ workspace: Workspace) throws {
        // Not a death by the signal itself, which a shell reports with the same number.
        #expect(outcome.status == 130)
        #expect(outcome.endedBy == nil)
        #expect(outcome.standardError == "ipek: error: interrupted; nothing was left behind\n")
        #expect(outcome.elapsed < 10)
        #expect(!workspace.exists("out") && !workspace.exists("out.incomplete"))
    }
}
