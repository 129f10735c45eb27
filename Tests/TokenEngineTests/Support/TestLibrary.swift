import Foundation
import Testing

/// Shared libraries that tests build for themselves.
enum TestLibrary {
    /// Compiles with the C compiler, which the toolchain links with anyhow.
    static func compile(_ source: URL, to path: String, defining definitions: [String] = []) throws {
        _ = try TokenServer.run(
            URL(filePath: "/usr/bin/env"),
            ["cc", "-shared", "-fPIC", "-o", path] + definitions.map { "-D\($0)" } + [source.path])
    }
}
