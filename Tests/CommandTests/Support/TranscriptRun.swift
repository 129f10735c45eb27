import Foundation

/// Plays a transcript in a workspace of its own and collects what was not as written.
struct TranscriptRun {
    private let transcript: Transcript
    private let workspace: Workspace
    private var last: Invocation.Outcome?
    /// The site before any key was issued, for transcripts that go back to it.
    private let before: Workspace?

    /// One sentence for each expectation that was not met; empty when all were.
    static func failures(of transcript: Transcript) throws -> [String] {
        var run = try TranscriptRun(transcript)
        for file in transcript.files { try run.workspace.write(file.text, to: file.name) }
        var failures: [String] = []
        for step in transcript.steps {
            guard let failure = try run.play(step.step) else { continue }
            failures.append("\(transcript.name):\(step.line): \(failure)")
        }
        return failures
    }

    private init(_ transcript: Transcript) throws {
        self.transcript = transcript
        workspace = try Workspace()
        before = transcript.steps.contains { $0.step == .unissued } ? try Workspace() : nil
    }

    /// Keeps the site as it is as long as it has no ledger.
    private func keepUnissued() throws {
        guard let before, workspace.exists("site"), !workspace.exists("site/ledger.sqlite") else { return }
        try Self.replace("\(before.folder)/site", by: "\(workspace.folder)/site")
    }

    private static func replace(_ path: String, by other: String) throws {
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        try FileManager.default.copyItem(atPath: other, toPath: path)
    }

    private mutating func play(_ step: Transcript.Step) throws -> String? {
        switch step {
        case .site:
            try TestSite.copy(to: "\(workspace.folder)/site")
            return nil
        case .token:
            try TestToken.make(in: workspace)
            return nil
        case .unissued:
            guard let before else { return nil }
            try Self.replace("\(workspace.folder)/site", by: "\(before.folder)/site")
            return nil
        case .run(let command, let status):
            try keepUnissued()
            let outcome = try workspace.shell(command)
            last = outcome
            guard outcome.status != status else { return nil }
            return "expected status \(status), found \(outcome.status.map(String.init) ?? "a signal")\n"
                + outcome.standardOutput + outcome.standardError
        case .exists(let name): return workspace.exists(name) ? nil : "\(name) does not exist"
        case .missing(let name): return workspace.exists(name) ? "\(name) exists" : nil
        case .whole(let stream, let lines):
            let found = text(of: stream)
            return LinePattern.match(lines, text: found) ? nil : "\(stream) is\n\(found)"
        case .contains(let stream, let part):
            let found = text(of: stream)
            return found.contains(part) ? nil : "\(stream) does not contain '\(part)', it is\n\(found)"
        case .lacks(let stream, let part):
            return text(of: stream).contains(part) ? "\(stream) contains '\(part)'" : nil
        case .empty(let stream):
            let found = text(of: stream)
            return found.isEmpty ? nil : "\(stream) is not empty, but\n\(found)"
        }
    }

    private func text(of stream: Transcript.Stream) -> String {
        switch stream {
        case .stdout: last?.standardOutput ?? ""
        case .stderr: last?.standardError ?? ""
        }
    }
}

/// Lines in which `...` stands for any text, and a line of nothing else for any lines.
enum LinePattern {
    static func match(_ patterns: [String], text: String) -> Bool {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return match(patterns[...], lines[...])
    }

    private static func match(_ patterns: ArraySlice<String>, _ lines: ArraySlice<Substring>) -> Bool {
        guard let pattern = patterns.first else { return lines.isEmpty }
        if pattern == "..." {
            return (lines.startIndex...lines.endIndex).contains { match(patterns.dropFirst(), lines[$0...]) }
        }
        guard let line = lines.first, matches(pattern, line) else { return false }
        return match(patterns.dropFirst(), lines.dropFirst())
    }

    private static func matches(_ pattern: String, _ line: Substring) -> Bool {
        var parts = pattern.split(separator: "...", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return line == pattern }
        let last = parts.removeLast()
        let first = parts.removeFirst()
        guard line.hasPrefix(first), line.hasSuffix(last), line.count >= first.count + last.count else { return false }
        var rest = line.dropFirst(first.count).dropLast(last.count)
        for part in parts {
            guard part.isEmpty || rest.contains(part), let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return true
    }
}
