import Foundation
import Testing

/// The same checks on other tokens, each in a process of its own: this very program, with the token in its environment.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["IPEK_TOKEN_KIND"] == nil, "does not start itself again"))
struct TokenServerTests {
    private static let checks = "TokenEngineTests.(Storing|KeySearch|Permission)Tests"

    @Test(
        .enabled(if: geteuid() == 0, "its paths are compiled in, and only root can mount something over them"),
        arguments: [(checks, "opencryptoki", 15), ("TokenEngineTests.LockTests", "opencryptoki-lock", 1)])
    func opencryptoki(checks: String, kind: String, atLeast count: Int) throws {
        try run(checks, kind: kind, by: "opencryptoki", atLeast: count)
    }

    @Test(arguments: [(checks, "p11-kit", 15), ("TokenEngineTests.RemoteTests", "p11-kit-gone", 1)])
    func remoteTokens(checks: String, kind: String, atLeast count: Int) throws {
        try run(checks, kind: kind, by: "p11-kit", atLeast: count)
    }

    private func run(_ checks: String, kind: String, by script: String, atLeast count: Int) throws {
        let process = Process()
        process.executableURL = TokenServer.scripts.appending(path: script)
        process.arguments = [
            try TokenServer.temporaryFolder().path, "env", "IPEK_TOKEN_KIND=\(kind)",
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"), "--testing-library",
            "swift-testing", "--filter", checks,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let complaints = output.split(separator: "\n").filter { $0.contains("✘") || $0.contains("rror") }
        #expect(process.terminationStatus == 0, "\(complaints.joined(separator: "\n"))\n\(output.suffix(300))")
        let passed = output.split(separator: "\n").count { $0.contains("✔ Test ") && !$0.contains("Test run") }
        #expect(passed >= count, "only \(passed) checks ran on \(kind)")
    }
}
