import Foundation
import Testing

/// The `openssl` command, to make what this project does not make, and to judge what it does.
struct OpenSSLCommand {
    /// A folder of its own for every test, removed with this.
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Runs `openssl` and gives back what it prints on either stream; a failure is an issue of the test.
    @discardableResult
    func run(_ arguments: String..., isExpectedToFail: Bool = false) throws -> String {
        try run(arguments, isExpectedToFail: isExpectedToFail)
    }

    @discardableResult
    func run(_ arguments: [String], isExpectedToFail: Bool = false) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder.url
        // The machine's own settings are none of the test's business.
        process.environment = ProcessInfo.processInfo.environment
            .merging(["OPENSSL_CONF": folder.url.appending(path: "openssl.cnf").path]) { $1 }
        let output = folder.url.appending(path: "output")
        FileManager.default.createFile(atPath: output.path, contents: nil)
        let handle = try FileHandle(forWritingTo: output)
        (process.standardOutput, process.standardError) = (handle, handle)
        try process.run()
        process.waitUntilExit()
        try handle.close()
        let text = try String(decoding: Data(contentsOf: output), as: UTF8.self)
        #expect((process.terminationStatus == 0) != isExpectedToFail, "\(arguments.joined(separator: " "))\n\(text)")
        return text
    }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: folder.url.appending(path: name))
    }

    func read(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: folder.url.appending(path: name))) }
}

/// A folder that is removed again.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "ipek-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try Data("[req]\ndistinguished_name=dn\n[dn]\n".utf8).write(to: url.appending(path: "openssl.cnf"))
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
