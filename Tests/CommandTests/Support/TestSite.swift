import Foundation

/// A site with the published test keys of the samples, made once and copied for each test.
///
/// Its keys are `bdk-tdes`, `bdk-aes`, `kbpk-tdes` and `kbpk-aes`; scrypt is as cheap as it may be.
enum TestSite {
    static func copy(to path: String) throws {
        try FileManager.default.copyItem(atPath: try master.get(), toPath: path)
    }

    private static let keys: [(name: String, usage: String, algorithm: String, components: Int)] = [
        ("bdk-tdes", "bdk", "tdes-2key", 3), ("kbpk-tdes", "kbpk", "tdes-2key", 2),
        ("bdk-aes", "bdk", "aes-128", 2), ("kbpk-aes", "kbpk", "aes-256", 3),
    ]

    private static let master = Result { () throws -> String in
        let workspace = try Workspace()
        let opening = ["--passphrase-file", "passphrase"]
        try run(["init", "--scrypt-log-n", "12"] + opening, in: workspace)
        for key in keys {
            let components = (1...key.components).flatMap {
                ["--component-file", "samples/TEST-\(key.name).component\($0)"]
            }
            try run(
                [
                    "key", "import", key.name, "--usage", key.usage, "--algorithm", key.algorithm, "--components",
                    "\(key.components)",
                ] + components + opening, in: workspace)
        }
        let kept = try Workspace.scratchFolder() + "/site"
        try FileManager.default.copyItem(atPath: "\(workspace.folder)/site", toPath: kept)
        return kept
    }

    private static func run(_ arguments: [String], in workspace: Workspace) throws {
        let outcome = try workspace.ipek(arguments)
        guard outcome.status == 0 else {
            throw HarnessError("ipek \(arguments.joined(separator: " ")) failed: \(outcome.standardError)")
        }
    }
}
