import Foundation
import Glibc
import Testing

@testable import PaymentCrypto

/// A signal that ends the process overwrites its keys while workers still use them: nothing made of that gets out.
@Suite(.serialized) struct EndingTests {
    private static let fleet = FleetText(count: 40_000)

    /// The wrapping key of ``sampleKeys``.
    private static let wrapping = KeyBlockProtection(
        SymmetricKey(algorithm: .tdes2Key) { key in
            let parts = ["CCA8ADEE430FB429D516C32114943EF2", "7445F40EE17616BC3CE32E585069384B"].map {
                UInt128($0, radix: 16) ?? 0
            }
            withUnsafeBytes(of: (parts[0] ^ parts[1]).bigEndian) { key.copyMemory(from: $0) }
        })

    @Test(arguments: [SIGQUIT, SIGALRM], ["csv", "files"])
    func `Every key block of a run that a signal ends is genuine`(_ signal: Int32, layout: String) throws {
        for _ in 0..<2 {
            let workspace = try Workspace(site: true)
            workspace.variables["LD_PRELOAD"] = try Self.slowEnd.get()
            var invocation = try workspace.invocation(
                ["provision", "-", "--output", "out", "--layout", layout, "--jobs", "3"] + sampleKeys,
                input: .stream { Self.fleet.write($0) })
            invocation.meanwhile = { process in
                Self.isUnderWay(workspace) && kill(process, signal) == 0
            }
            let outcome = try invocation.run()
            #expect(signal == SIGQUIT ? outcome.status == 130 : outcome.endedBy == signal, "\(outcome)")
            let keyBlocks = try Self.keyBlocks(in: "\(workspace.folder)/out.incomplete")
            #expect(keyBlocks.count > 100)
            try expectGenuine(keyBlocks)
            try expectCompletion(workspace, layout)
        }
    }

    private func expectGenuine(_ keyBlocks: [String]) throws {
        for text in keyBlocks {
            #expect(throws: Never.self) { _ = try KeyBlock.open(text, under: Self.wrapping) }
        }
    }

    /// What --resume takes up has no key block under a key of zeros in it either.
    private func expectCompletion(_ workspace: Workspace, _ layout: String) throws {
        workspace.variables["LD_PRELOAD"] = nil
        let resumed = try workspace.invocation(
            ["provision", "-", "--output", "out", "--layout", layout, "--resume", "--quiet"] + sampleKeys,
            input: .stream { Self.fleet.write($0) }
        ).run()
        #expect(resumed.status == 0, "\(resumed.standardError)")
        try expectGenuine(try Self.keyBlocks(in: "\(workspace.folder)/out"))
        let verified = try workspace.ipek(["verify", "out", "--quiet", "--passphrase-file", "passphrase"])
        #expect(verified.status == 0, "\(verified.standardError)")
    }

    /// All but those of a crash, and those that cannot be caught or are ignored.
    @Test func `No signal ends the process with its secrets in memory`() throws {
        let ending =
            [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGSTKFLT, SIGPOLL, SIGVTALRM]
            + [SIGPROF, SIGPWR, SIGSYS, SIGXCPU] + (__libc_current_sigrtmin()...__libc_current_sigrtmax())
        let wanted = ending.reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }
        let workspace = try Workspace(site: true)
        try #require(mkfifo("\(workspace.folder)/pipe", 0o600) == 0)
        var invocation = try workspace.invocation(["key", "remove", "bdk-tdes", "--passphrase-file", "pipe"])
        invocation.secondsAllowed = 20
        // Nobody writes into the pipe, so the command waits.
        invocation.meanwhile = { process in
            Self.caughtSignals(of: process) & wanted == wanted && kill(process, SIGKILL) == 0
        }
        #expect(try invocation.run().endedBy == SIGKILL)
    }

    private static func caughtSignals(of process: pid_t) -> UInt64 {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("SigCgt:") })
        else { return 0 }
        return UInt64(line.dropFirst("SigCgt:".count).drop { $0 == "\t" || $0 == " " }, radix: 16) ?? 0
    }

    private static func isUnderWay(_ workspace: Workspace) -> Bool {
        var information = stat()
        return workspace.exists("out.incomplete/devices/T-900.tr31")
            || stat("\(workspace.folder)/out.incomplete/keyblocks.csv", &information) == 0
                && information.st_size > 500_000
    }

    /// Some from each batch of a worker, and all of the last ones; what was cut off by the end is none.
    private static func keyBlocks(in folder: String) throws -> [String] {
        let devices = "\(folder)/devices"
        guard FileManager.default.fileExists(atPath: devices) else {
            let lines = try String(contentsOfFile: "\(folder)/keyblocks.csv", encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast()
            return some(of: Array(lines)).map { String($0.split(separator: ",", omittingEmptySubsequences: false)[6]) }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: devices).sorted { $0.count < $1.count }
        return try some(of: names).compactMap { name in
            let text = try String(contentsOfFile: "\(devices)/\(name)", encoding: .utf8)
            return text.hasSuffix("\n") ? String(text.dropLast()) : nil
        }
    }

    private static func some<Element>(of all: [Element]) -> [Element] {
        all.enumerated().filter { $0.offset % 97 == 0 || $0.offset > all.count - 200 }.map(\.element)
    }

    private static let slowEnd = Result {
        let source = Checkout.root.appending(path: "Tests/Faults/slow-end.c").path
        let library = "\(try Suite.current.get().folder)/slow-end.so"
        let compiler = Invocation(
            arguments: ["cc", "-shared", "-fPIC", "-O", "-o", library, source], folder: "/",
            environment: ["PATH": "/usr/bin:/bin"])
        let outcome = try compiler.run()
        guard outcome.status == 0 else { throw HarnessError("slow-end.c: \(outcome.standardError)") }
        return library
    }
}
