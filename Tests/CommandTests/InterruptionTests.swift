import Foundation
import Glibc
import Testing

/// Ctrl-C at any time leaves nothing, or what --resume completes, and the status tells.
@Suite(.serialized) struct InterruptionTests {
    private static let fleet = FleetText(count: 100_000)

    @Test func `Interrupted while the manifest comes in`() throws {
        let workspace = try Workspace(site: true)
        var invocation = try workspace.invocation(
            ["provision", "-", "--output", "out", "--layout", "csv"] + sampleKeys,
            input: .stream { write in
                Self.fleet.write(write)
                // Longer than any test waits: only the interruption ends the run.
                sleep(20)
            })
        invocation.meanwhile = { process in workspace.exists("out.incomplete") && kill(process, SIGINT) == 0 }
        try expectNothingLeft(try invocation.run(), workspace)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `Interrupted while keys are made`(_ signal: Int32) throws {
        let workspace = try Workspace(site: true)
        try Self.writeFleet(to: workspace)
        var invocation = try workspace.invocation(
            ["provision", "fleet.csv", "--output", "out", "--layout", "files", "--jobs", "1"] + sampleKeys)
        invocation.meanwhile = { process in
            workspace.exists("out.incomplete/devices/T-1000.tr31") && kill(process, signal) == 0
        }
        let outcome = try invocation.run()
        #expect(outcome.status == 130)
        #expect(outcome.endedBy == nil)
        #expect(
            outcome.standardError == """
                ipek: error: interrupted; out.incomplete has what is done
                  hint: the same command with --resume completes it

                """)
        #expect(!workspace.exists("out") && workspace.exists("out.incomplete"))
        let log = try String(contentsOfFile: "\(workspace.folder)/site/audit.jsonl", encoding: .utf8).split(
            separator: "\n")
        #expect(log.dropLast().last?.hasPrefix(#"{"action":"provision begin","#) == true)
        #expect(log.last?.hasPrefix(#"{"action":"provision","#) == true)
        #expect(log.last?.contains(#""result":"interrupted""#) == true)
        try expectCompletion(workspace)
    }

    @Test func `Interrupted while a manifest is checked`() throws {
        let workspace = try Workspace(site: true)
        var invocation = try workspace.invocation(
            ["check", "-", "--bdk", "bdk-tdes"],
            input: .stream { write in
                Self.fleet.write(write)
                sleep(20)
            })
        let start = Date()
        invocation.meanwhile = { process in Date().timeIntervalSince(start) > 0.5 && kill(process, SIGINT) == 0 }
        try expectNothingLeft(try invocation.run(), workspace)
    }

    /// The second pass hashes what it reads, and stops when it is not what the first one saw.
    @Test func `A manifest that changes meanwhile`() throws {
        let workspace = try Workspace(site: true)
        let path = try Self.writeFleet(to: workspace)
        var invocation = try workspace.invocation(
            ["provision", "fleet.csv", "--output", "out", "--layout", "csv", "--jobs", "1"] + sampleKeys)
        invocation.meanwhile = { _ in
            guard workspace.exists("out.incomplete/keyblocks.csv"),
                let file = try? FileHandle(forUpdating: URL(filePath: path))
            else { return false }
            // The last model is Kiosk, and becomes Kiosz.
            _ = try? file.seek(toOffset: file.seekToEndOfFile() - 2)
            file.write(Data("z".utf8))
            return true
        }
        let outcome = try invocation.run()
        #expect(outcome.status == 65)
        #expect(outcome.standardError.hasPrefix("ipek: error: the manifest "), "\(outcome.standardError)")
        #expect(outcome.standardError.contains("changed"), "\(outcome.standardError)")
        #expect(!workspace.exists("out") && !workspace.exists("out.incomplete"))
    }

    @discardableResult
    private static func writeFleet(to workspace: Workspace) throws -> String {
        let path = "\(workspace.folder)/fleet.csv"
        try Data().write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        fleet.write { bytes in
            file.write(Data(bytes))
            return true
        }
        return path
    }

    private func expectCompletion(_ workspace: Workspace) throws {
        let resumed = try workspace.ipek(
            ["provision", "fleet.csv", "--output", "out", "--layout", "files", "--resume", "--quiet"] + sampleKeys)
        #expect(resumed.status == 0, "\(resumed.standardError)")
        #expect(workspace.exists("out") && !workspace.exists("out.incomplete"))
        #expect(try workspace.shell("wc -l < out/check-values.csv").standardOutput == "\(Self.fleet.count + 1)\n")
        #expect(try workspace.shell("cd out && sha256sum --check --quiet SHA256SUMS").status == 0)
    }

    private func expectNothingLeft(_ outcome: Invocation.Outcome, _ workspace: Workspace) throws {
        // Not a death by the signal itself, which a shell reports with the same number.
        #expect(outcome.status == 130)
        #expect(outcome.endedBy == nil)
        #expect(outcome.standardError == "ipek: error: interrupted; nothing was left behind\n")
        #expect(!workspace.exists("out") && !workspace.exists("out.incomplete"))
    }
}
