import Foundation
import PaymentCrypto
import Testing

@testable import TokenEngine

/// The token that the checks of this process work with.
///
/// A child that ``TokenServerTests`` starts has it from its environment. Otherwise it is a SoftHSM2 token in a folder
/// of its own.
enum TokenServer {
    /// What names the token, its module and its PIN.
    static let uri: Result<TokenURI, any Error> = Result {
        if let given = ProcessInfo.processInfo.environment["IPEK_TOKEN_URI"] { return try TokenURI(given) }
        return try startSoftHSM()
    }

    /// Set where only some of what SoftHSM2 does can be expected.
    static let kind = ProcessInfo.processInfo.environment["IPEK_TOKEN_KIND"] ?? "softhsm"

    /// The repository's folder `Tests/Tokens`.
    static let scripts = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Tokens", directoryHint: .isDirectory)

    /// One token for keys, and others whose PIN a test may spoil: a process logs in to each only once.
    private static func startSoftHSM() throws -> TokenURI {
        let folder = try temporaryFolder()
        let labels = ["TEST", "WRONG", "SECRET", "EMPTY", "FAULTY", "TWIN", "TWIN"].flatMap { ["--label", $0] }
        let output = try run(scripts.appending(path: "softhsm"), [folder.path] + labels)
        let pairs = output.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1) }
        let values = Dictionary(pairs.map { ("\($0[0])", "\($0[1])") }) { first, _ in first }
        // Once, before the module is loaded: it reads the environment of the process that it is in.
        setenv("SOFTHSM2_CONF", try #require(values["SOFTHSM2_CONF"]), 1)
        return try TokenURI(try #require(values["IPEK_TOKEN_URI"]))
    }

    /// A new folder, removed when the process ends.
    static func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ipek-token-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        folders.add(folder)
        return folder
    }

    private static let folders = FolderRemover()

    /// What a program prints; it has to succeed.
    static func run(_ program: URL, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program.lastPathComponent): \(process.terminationStatus)")
        return String(decoding: output, as: UTF8.self)
    }
}

/// Removes folders when the process ends, since modules have files open until then.
private final class FolderRemover: Sendable {
    // Only added to: at the end of the process nobody else is there.
    nonisolated(unsafe) private static var folders: [URL] = []
    private static let lock = NSLock()

    init() {
        atexit { for folder in FolderRemover.folders { try? FileManager.default.removeItem(at: folder) } }
    }

    func add(_ folder: URL) {
        Self.lock.withLock { Self.folders.append(folder) }
    }
}

extension TokenURI {
    /// The same token with a key of this name.
    func with(_ attributes: String) throws -> TokenURI {
        let text = "\(self)"
        let mark = text.firstIndex(of: "?") ?? text.endIndex
        return try TokenURI(text[..<mark] + ";" + attributes + text[mark...])
    }

    /// Another token of the same module.
    func on(token: String) throws -> TokenURI {
        var values = values
        values[.token] = Array(token.utf8)
        return TokenURI(values: values)
    }

    func without(_ attribute: Attribute) -> TokenURI {
        var values = values
        values[attribute] = nil
        return TokenURI(values: values)
    }

    func with(_ attribute: Attribute, _ value: String) -> TokenURI {
        var values = values
        values[attribute] = Array(value.utf8)
        return TokenURI(values: values)
    }
}
