import Foundation

/// The repository's folder `Sources`, as text.
struct SourceTree {
    struct Line {
        let file: SourceFile
        /// Counted from 1.
        let number: Int
        let text: String
        /// The line without its comment.
        ///
        /// A `//` inside a string literal is taken for a comment.
        var code: String { text.firstRange(of: "//").map { String(text[..<$0.lowerBound]) } ?? text }
    }

    let files: [SourceFile]

    /// Reads every Swift file of this checkout's sources.
    init() throws {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources", directoryHint: .isDirectory)
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
        files = try names.filter { $0.hasSuffix(".swift") }.map { name in
            SourceFile(name: name, text: try String(contentsOf: root.appending(path: name), encoding: .utf8))
        }
    }

    var modules: Set<String> { Set(files.map(\.module)) }

    var lines: [Line] { files.flatMap(\.lines) }
}

/// One Swift file, named by its path below `Sources`.
struct SourceFile {
    let name: String
    let text: String

    var module: String { name.split(separator: "/").first.map(String.init) ?? name }

    var lines: [SourceTree.Line] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
            SourceTree.Line(file: self, number: index + 1, text: String(line))
        }
    }

    var imports: [ImportDeclaration] { lines.compactMap { ImportDeclaration($0.code) } }
}

/// One `import` line.
struct ImportDeclaration: Equatable {
    let module: String
    /// The names in `@_spi(...)`, if there are any.
    let interfaces: String?

    init(module: String, interfaces: String? = nil) {
        self.module = module
        self.interfaces = interfaces
    }

    /// Nil where the line is none.
    init?(_ code: String) {
        var words = code.split(whereSeparator: \.isWhitespace)
        guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.endIndex else { return nil }
        let modifiers = words[..<keyword]
        guard modifiers.allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains(String($0)) }) else { return nil }
        words.removeSubrange(...keyword)
        if words.count > 1, Self.kinds.contains(String(words[0])) { words.removeFirst() }
        module = words[0].split(separator: ".").first.map(String.init) ?? ""
        interfaces = code.firstMatch(of: /@_spi\(([^)]*)\)/).map { String($0.1) }
    }

    private static let accessLevels: Set = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: Set = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
}
