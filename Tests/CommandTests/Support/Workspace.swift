import Foundation
import Glibc

/// A folder of a test's own, removed when the test lets go of it.
///
/// It has links to the samples and to what types at a terminal, and a passphrase file; a site too where one is asked for.
final class Workspace {
    let folder: String
    /// What commands find in their environment besides the usual.
    var variables: [String: String] = [:]
    /// A site with the four sample keys, in `site`.
    static let passphrase = "TEST passphrase: it protects nothing\n"

    init(site: Bool = false) throws {
        folder = try Self.scratchFolder()
        chmod(folder, 0o755)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/samples", withDestinationPath: Checkout.samples)
        for script in ["keyboard.py", "terminals.sh"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/\(script)", withDestinationPath: "\(Checkout.transcripts)/\(script)")
        }
        try write(Self.passphrase, to: "passphrase")
        if site { try TestSite.copy(to: "\(folder)/site") }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Runs `ipek` with these arguments.
    func ipek(_ arguments: [String], input: Invocation.Input = .nothing) throws -> Invocation.Outcome {
        try invocation(arguments, input: input).run()
    }

    /// A run of `ipek` that has not begun.
    func invocation(_ arguments: [String], input: Invocation.Input = .nothing) throws -> Invocation {
        Invocation(
            arguments: ["\(try Suite.current.get().binaries)/ipek"] + arguments, folder: folder,
            environment: try environment(), input: input)
    }

    /// Runs a line of shell in which `ipek` is the command under test.
    func shell(_ line: String) throws -> Invocation.Outcome { try shellInvocation(line).run() }

    /// A line of shell that has not begun.
    func shellInvocation(_ line: String) throws -> Invocation {
        Invocation(arguments: ["/bin/bash", "-c", line], folder: folder, environment: try environment())
    }

    func write(_ text: String, to name: String) throws {
        try write(Array(text.utf8), to: name)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let path = URL(filePath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: path)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
    }

    /// Whether there is something of this name, a dangling link included.
    func exists(_ name: String) -> Bool {
        var information = stat()
        return lstat("\(folder)/\(name)", &information) == 0
    }

    private func environment() throws -> [String: String] {
        [
            "PATH": "\(try Suite.current.get().binaries):/usr/bin:/bin:/usr/sbin:/sbin", "HOME": folder,
            "TMPDIR": folder,
            "LC_ALL": "C.UTF-8",
        ].merging(variables) { _, new in new }
    }

    /// A new folder beside those of the other tests.
    static func scratchFolder() throws -> String {
        let path = "\(try Suite.current.get().folder)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }
}

/// What all tests of this process share: a folder, and in it the command under test.
struct Suite {
    let folder: String
    var binaries: String { "\(folder)/bin" }

    static let current = Result { try Suite() }

    /// The command is copied, so that users who may not look into this checkout can run it, too.
    private init() throws {
        try Self.requireCommand(at: Checkout.binary)
        folder = NSTemporaryDirectory() + "/ipek-command-tests-\(getpid())"
        try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: URL(filePath: Checkout.binary).resolvingSymlinksInPath().path, toPath: "\(folder)/bin/ipek")
        chmod(folder, 0o755)
        atexit { if let suite = try? Suite.current.get() { try? FileManager.default.removeItem(atPath: suite.folder) } }
    }

    static func requireCommand(at path: String) throws(HarnessError) {
        guard access(path, X_OK) == 0 else {
            throw HarnessError(
                "there is no command to test at \(path): run 'make release', or name one with IPEK_BINARY")
        }
    }
}
