import Foundation

/// A session at the shell, written down: commands, and what must come of them.
///
/// The grammar is in `Transcripts/README.md`.
struct Transcript: CustomStringConvertible, Sendable {
    enum Step: Equatable, Sendable {
        case site
        case token
        case unissued
        case run(command: String, status: Int32)
        case whole(Stream, [String])
        case contains(Stream, String)
        case lacks(Stream, String)
        case empty(Stream)
        case exists(String)
        case missing(String)
    }

    enum Stream: String, Sendable {
        case stdout, stderr
    }

    struct NumberedStep: Sendable {
        let line: Int
        let step: Step
    }

    let name: String
    private(set) var steps: [NumberedStep] = []
    private(set) var files: [(name: String, text: String)] = []

    var description: String { name }

    init(name: String, text: String) throws {
        self.name = name
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let firstFile = lines.firstIndex { Self.fileName($0) != nil } ?? lines.endIndex
        try readSteps(lines[..<firstFile])
        readFiles(lines[firstFile...])
        guard steps.contains(where: { if case .run = $0.step { true } else { false } }) else {
            throw HarnessError("\(name): nothing is run")
        }
    }

    /// Every transcript of the suite, in order of name; with `IPEK_TRANSCRIPTS` only those whose name begins so.
    static func all() throws -> [Transcript] {
        let start = ProcessInfo.processInfo.environment["IPEK_TRANSCRIPTS"] ?? ""
        let names = try FileManager.default.subpathsOfDirectory(atPath: Checkout.transcripts)
            .filter { $0.hasSuffix(".txt") && $0.hasPrefix(start) }.sorted()
        guard !names.isEmpty else { throw HarnessError("there are no transcripts in \(Checkout.transcripts)") }
        return try names.map { name in
            try Transcript(
                name: name, text: try String(contentsOfFile: "\(Checkout.transcripts)/\(name)", encoding: .utf8))
        }
    }

    private mutating func readSteps(_ lines: ArraySlice<String>) throws {
        var index = lines.startIndex
        while index < lines.endIndex {
            let (number, line) = (index + 1, lines[index])
            index += 1
            if line.isEmpty || line.hasPrefix("#") { continue }
            if let stream = Self.stream(quotedBy: line) {
                let start = index - 1
                while index < lines.endIndex, Self.stream(quotedBy: lines[index]) == stream { index += 1 }
                let text = lines[start..<index].map { Self.quotation($0) }
                steps.append(NumberedStep(line: number, step: .whole(stream, text)))
                continue
            }
            var whole = line
            while whole.hasSuffix("\\"), index < lines.endIndex {
                whole = "\(whole.dropLast())\(lines[index].drop { $0 == " " })"
                index += 1
            }
            guard let step = Self.step(whole) else {
                throw HarnessError("\(name):\(number): this is no step of a transcript: \(whole)")
            }
            steps.append(NumberedStep(line: number, step: step))
        }
    }

    private mutating func readFiles(_ lines: ArraySlice<String>) {
        for line in lines {
            if let name = Self.fileName(line) {
                files.append((name, ""))
            } else {
                files[files.count - 1].text += line + "\n"
            }
        }
    }

    private static func step(_ line: String) -> Step? {
        if line == "site" { return .site }
        if line == "token" { return .token }
        if line == "unissued" { return .unissued }
        if let match = line.wholeMatch(of: /\$ (.+)/) { return .run(command: String(match.1), status: 0) }
        if let match = line.wholeMatch(of: /! ([0-9]+) (.+)/) {
            return Int32(match.1).map { .run(command: String(match.2), status: $0) }
        }
        if let match = line.wholeMatch(of: /(exists|missing) (.+)/) {
            return match.1 == "exists" ? .exists(String(match.2)) : .missing(String(match.2))
        }
        guard let match = line.wholeMatch(of: /(stdout|stderr) (empty|(contains|lacks) (.+))/),
            let stream = Stream(rawValue: String(match.1))
        else { return nil }
        guard let verb = match.3, let text = match.4 else { return .empty(stream) }
        return verb == "contains" ? .contains(stream, String(text)) : .lacks(stream, String(text))
    }

    private static func stream(quotedBy line: String) -> Stream? {
        if line == ">" || line.hasPrefix("> ") { return .stdout }
        return line == "2>" || line.hasPrefix("2> ") ? .stderr : nil
    }

    private static func quotation(_ line: String) -> String {
        String(line.drop { $0 != ">" }.dropFirst(2))
    }

    private static func fileName(_ line: String) -> String? {
        line.wholeMatch(of: /-- (.+) --/).map { String($0.1) }
    }
}
