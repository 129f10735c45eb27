import Foundation
import Testing

/// Wherever a command is stopped, the audit log and the site's files tell the same afterwards.
@Suite struct CrashTests {
    struct Change: CustomStringConvertible, Sendable {
        let command: String
        /// Succeeds once the change was made.
        let evidence: String

        var description: String { command }

        var action: String { command.split(separator: " ").prefix(2).joined(separator: " ") }
    }

    static let changes = [
        Change(command: "key generate new --usage kbpk --algorithm aes-128", evidence: "ipek key show new"),
        Change(
            command:
                "key import new --usage bdk --algorithm aes-128 --components 2 --component-file samples/TEST-bdk-aes.component1"
                + " --component-file samples/TEST-bdk-aes.component2", evidence: "ipek key show new"),
        Change(
            command: "key import new --usage bdk --algorithm aes-128 --components 2 --component 1"
                + " --component-file samples/TEST-bdk-aes.component1", evidence: "ipek key show new"),
        Change(command: "key remove bdk-aes", evidence: "! ipek key show bdk-aes"),
        Change(command: "key retire bdk-aes --reason spent", evidence: "ipek key show bdk-aes | grep retired"),
        Change(command: "key tag bdk-aes station=7", evidence: "ipek key show bdk-aes | grep station"),
        Change(command: "site set minimumAES aes-256", evidence: "ipek site show | grep 'minimumAES *aes-256'"),
        Change(command: "site profile model --key-version 07", evidence: "ipek site profile model"),
        Change(
            command: "site passphrase --passphrase-file passphrase --passphrase-file second",
            evidence: "ipek audit verify --passphrase-file second"),
    ]

    /// First it is killed at one call after the other until it comes to its end, then each of these calls fails.
    @Test(arguments: changes)
    func `A change and its line are there, or neither`(_ change: Change) throws {
        var count = 0
        while try !Self.isWhole(change, .kill, at: count + 1) {
            count += 1
            try #require(count < 40)
        }
        // The new file, the line, the name, and their places on disk.
        #expect(count >= 7)
        for call in 1...max(1, count) { _ = try Self.isWhole(change, .fail, at: call) }
    }

    /// Runs the command, then verifies the log, which finishes what was not finished; whether no call went wrong.
    private static func isWhole(_ change: Change, _ fault: FaultySystem.Fault, at call: Int) throws -> Bool {
        let workspace = try Workspace(site: true)
        try workspace.write("the second passphrase\n", to: "second")
        let opening = change.action == "site passphrase" ? "" : "--passphrase-file passphrase"
        let before = try lines(workspace).count
        let outcome = try workspace.shell(
            "\(FaultySystem.prefix(fault, at: call)) ipek \(change.command) \(opening) --no-input; exit")
        #expect([0, fault == .kill ? 137 : 74].contains(outcome.status), "\(outcome.standardError)")
        let verification = try workspace.shell(
            "ipek audit verify --passphrase-file passphrase || ipek audit verify --passphrase-file second")
        #expect(verification.status == 0, "\(fault) at call \(call): \(verification.standardError)")
        let left = try workspace.shell("ls site").standardOutput
        #expect(left == "audit.jsonl\nkeyring.json\nsite.json\n", "\(fault) at call \(call)")
        let (isMade, isTold) = (try isMade(change, in: workspace), try isTold(change, after: before, in: workspace))
        #expect(isMade == isTold, "\(fault) at call \(call)")
        #expect(isMade || outcome.status != 0, "\(fault) at call \(call)")
        return outcome.status == 0
    }

    private static func isMade(_ change: Change, in workspace: Workspace) throws -> Bool {
        try workspace.shell("\(change.evidence); exit").status == 0
    }

    private static func isTold(_ change: Change, after count: Int, in workspace: Workspace) throws -> Bool {
        guard let last = try lines(workspace).dropFirst(count).last else { return false }
        return last.hasPrefix(#"{"action":"\#(change.action)","#) && last.contains(#""result":"done""#)
    }

    @Test(arguments: FaultySystem.Fault.allCases)
    func `What is not in the log has not left`(_ fault: FaultySystem.Fault) throws {
        let workspace = try Workspace(site: true)
        for call in 1...10 {
            let before = try Self.lines(workspace).count
            let outcome = try workspace.shell(
                "\(FaultySystem.prefix(fault, at: call)) ipek key export bdk-tdes --tr31 --under kbpk-tdes"
                    + " --dukpt-ksn FFFF9876543200200000 --passphrase-file passphrase --quiet; exit")
            let hasLeft = !outcome.standardOutput.isEmpty
            #expect(try !hasLeft || Self.lines(workspace).count == before + 1, "\(fault) at call \(call)")
            #expect(hasLeft == (outcome.status == 0))
            if outcome.status == 0 { return }
        }
        Issue.record("the key did not leave in the end")
    }

    private static func lines(_ workspace: Workspace) throws -> [Substring] {
        try workspace.read("site/audit.jsonl").split(separator: "\n")
    }
}
