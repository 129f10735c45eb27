import Facility
import Foundation
import Glibc
import PaymentCrypto

/// The journal of a run in `DIR.incomplete`: what was asked for, and again and again what is on disk.
///
/// Each line has a code that is bound to the lines before it, so a line that is there is what this site wrote. A line that
/// a crash has torn is cut off. As long as this lives nobody else takes the run up. One owner: the stage that delivers chunks.
final class ProgressJournal {
    static let fileName = "journal"
    /// More than any run writes; what is longer is none of ours.
    private static let byteLimit = 256 << 20

    /// What the run was asked for.
    let opening: JournalOpening
    private let path: String
    private let descriptor: Int32
    private let key: RunJournalKey
    private var end: End
    /// Where the line of the opening ends.
    private let openingEnd: End

    /// Where a line ends, and its code.
    private struct End {
        var offset = 0
        var code = ""
    }

    /// Begins a journal; once this returns it is on disk, and so is the folder's own name.
    init(_ opening: JournalOpening, in folder: OutputFolder, key: RunJournalKey) throws {
        self.opening = opening
        self.key = key
        path = folder.path(of: Self.fileName)
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        descriptor = openat(folder.descriptor, Self.fileName, flags, 0o600)
        guard descriptor >= 0 else { throw OutputError.writingFailed(path: path, code: errno) }
        var end = End()
        do {
            try Self.lock(descriptor, folder.incompletePath)
            end = try Self.append(try Self.line(opening, after: end, key), after: end, to: descriptor, path)
            try folder.sync()
        } catch {
            close(descriptor)
            throw error
        }
        (self.end, openingEnd) = (end, end)
    }

    private init(_ opening: JournalOpening, descriptor: Int32, path: String, key: RunJournalKey, ends: (End, End)) {
        (self.opening, self.descriptor, self.path, self.key) = (opening, descriptor, path, key)
        (openingEnd, end) = ends
    }

    deinit {
        // Closing gives back the lock, too.
        close(descriptor)
    }

    /// Notes what is on disk; once this returns the note is, too.
    func append(_ commit: JournalCommit) throws {
        end = try Self.append(try Self.line(commit, after: end, key), after: end, to: descriptor, path)
    }

    /// Whether anything is done.
    var hasCommit: Bool { end.offset > openingEnd.offset }

    /// Forgets all that was noted: whoever takes the run up begins it again.
    func restart() throws {
        try Self.cut(descriptor, to: openingEnd.offset, path)
        end = openingEnd
    }

    // MARK: Opening

    /// The journal in a folder, with what was noted last; nil where there is none, or not even a whole first line.
    static func open(
        in folder: OutputFolder, key: RunJournalKey
    ) throws -> (journal: ProgressJournal, commit: JournalCommit?)? {
        let path = folder.path(of: fileName)
        let descriptor = openat(folder.descriptor, fileName, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw OutputError.readingFailed(path: path, code: errno)
        }
        do {
            try lock(descriptor, folder.incompletePath)
            let bytes = try read(descriptor, path)
            guard let contents = try Contents(bytes, key: key, path: path) else {
                close(descriptor)
                return nil
            }
            try cut(descriptor, to: contents.end.offset, path)
            let journal = ProgressJournal(
                contents.opening, descriptor: descriptor, path: path, key: key,
                ends: (contents.openingEnd, contents.end))
            return (journal, contents.commit)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// The lines that are whole.
    private struct Contents {
        var opening: JournalOpening
        var commit: JournalCommit?
        var openingEnd: End
        var end: End

        /// Nil where not even the first line is whole.
        init?(_ bytes: [UInt8], key: RunJournalKey, path: String) throws {
            var end = End()
            var last: ArraySlice<UInt8>?
            guard let first = try ProgressJournal.next(bytes, after: &end, key) else {
                // A whole line that is not this site's is no accident.
                guard bytes.contains(UInt8(ascii: "\n")), bytes.first == UInt8(ascii: "{") else { return nil }
                throw ResumeError.damaged(path: path, reason: "this site wrote no such journal")
            }
            openingEnd = end
            while let content = try ProgressJournal.next(bytes, after: &end, key) { last = content }
            self.end = end
            do {
                opening = try JSONDecoder().decode(JournalOpening.self, from: Data(first))
                commit = try last.map { try JSONDecoder().decode(JournalCommit.self, from: Data($0)) }
            } catch {
                throw ResumeError.damaged(path: path, reason: "the journal is of another version")
            }
        }
    }

    private static func lock(_ descriptor: Int32, _ path: String) throws {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            throw errno == EWOULDBLOCK
                ? ResumeError.inUse(path: path) : OutputError.writingFailed(path: path, code: errno)
        }
    }

    private static func read(_ descriptor: Int32, _ path: String) throws -> [UInt8] {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw OutputError.readingFailed(path: path, code: errno) }
        guard information.st_mode & S_IFMT == S_IFREG, information.st_uid == geteuid(), information.st_nlink == 1,
            information.st_size <= byteLimit
        else { throw ResumeError.damaged(path: path, reason: "expected a file of the run's own") }
        var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw OutputError.readingFailed(path: path, code: errno) }
            if count == 0 { break }
            done += count
        }
        return Array(bytes.prefix(done))
    }

    // MARK: Lines

    /// A line is its content, a blank, the code, and a line end.
    private static func line(_ content: some Encodable, after end: End, _ key: RunJournalKey) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = Array(try encoder.encode(content))
        return content + Array(" \(try code(content[...], after: end, key))\n".utf8)
    }

    private static func code(
        _ content: ArraySlice<UInt8>, after end: End, _ key: RunJournalKey
    ) throws -> AuthenticationCode {
        try key.code(over: Array(end.code.utf8) + content)
    }

    /// The content of the next line; nil where it is not whole, or not what follows.
    private static func next(
        _ bytes: [UInt8], after end: inout End, _ key: RunJournalKey
    ) throws -> ArraySlice<UInt8>? {
        let rest = bytes[end.offset...]
        guard let lineEnd = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = rest[..<lineEnd]
        guard line.count > codeLength, line[line.endIndex - codeLength - 1] == UInt8(ascii: " ") else { return nil }
        let text = String(decoding: line.suffix(codeLength), as: UTF8.self)
        let content = line.dropLast(codeLength + 1)
        guard AuthenticationCode(text) == (try code(content, after: end, key)) else { return nil }
        end = End(offset: lineEnd + 1, code: text)
        return content
    }

    private static let codeLength = 64

    private static func append(_ line: [UInt8], after end: End, to descriptor: Int32, _ path: String) throws -> End {
        var done = 0
        while done < line.count {
            let count = line[done...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(end.offset + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw OutputError.writingFailed(path: path, code: count < 0 ? errno : ENOSPC) }
            done += count
        }
        try sync(descriptor, path)
        let code = String(decoding: line.dropLast().suffix(codeLength), as: UTF8.self)
        return End(offset: end.offset + line.count, code: code)
    }

    private static func cut(_ descriptor: Int32, to offset: Int, _ path: String) throws {
        while ftruncate(descriptor, off_t(offset)) != 0 {
            guard errno == EINTR else { throw OutputError.writingFailed(path: path, code: errno) }
        }
        try sync(descriptor, path)
    }

    private static func sync(_ descriptor: Int32, _ path: String) throws {
        while fsync(descriptor) != 0 {
            guard errno == EINTR else { throw OutputError.writingFailed(path: path, code: errno) }
        }
    }
}
