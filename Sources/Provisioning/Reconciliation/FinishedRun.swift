import Foundation
import Glibc
import PaymentCrypto

/// A run's finished folder, as far as reconciling needs it.
///
/// What it says is held against `SHA256SUMS`, whose own digest the ledger and the audit log have.
struct FinishedRun {
    /// The folder as it was named, without trailing slashes.
    let path: String
    /// What `run.json` says.
    let record: Record
    /// Of `SHA256SUMS` itself.
    let sums: SHA256Digest
    /// Of the report, by `SHA256SUMS`.
    let reportDigest: String
    private let folder: FolderDescriptor

    static let reportName = "check-values.csv"

    /// What is read of `run.json`.
    struct Record: Decodable {
        struct Tool: Decodable {
            var version: String
        }

        struct Key: Decodable {
            var name: String
            var algorithm: String
            var kcv: String
            var kcvAlgorithm: String
        }

        struct Manifest: Decodable {
            var name: String
            var sha256: String
        }

        struct Counts: Decodable {
            var devices: Int
            var issued: Int
            var rejected: Int
        }

        var schema: String
        var runId: String
        var environment: String
        var started: String
        var ended: String
        var manifest: Manifest
        var bdk: [Key]
        var operators: [String]
        var note: String?
        var counts: Counts
    }

    /// Opens the folder and reads what it says of itself.
    init(_ requested: String) throws {
        let path = OutputFolder.withoutTrailingSlashes(requested)
        self.path = path
        folder = try FolderDescriptor(path)
        let (sums, digests) = try folder.sums(of: ["run.json", Self.reportName])
        self.sums = sums
        guard let recordDigest = digests["run.json"], let reportDigest = digests[Self.reportName] else {
            throw ReconciliationError.bad(
                path: "\(path)/SHA256SUMS", line: nil, reason: "expected run.json and \(Self.reportName), found less")
        }
        self.reportDigest = reportDigest
        record = try folder.record(recordDigest)
    }

    /// For messages.
    var reportPath: String { "\(path)/\(Self.reportName)" }

    /// Refuses a report that is not the one that the run has written.
    func check(_ found: SHA256Digest) throws(ReconciliationError) {
        guard found.description != reportDigest else { return }
        throw .altered(path: reportPath)
    }

    /// The report, to be read from its beginning; the caller closes it.
    func openReport() throws -> Int32 { try folder.open(Self.reportName) }
}

/// A folder whose files are read by name, never through a link.
private final class FolderDescriptor {
    private let path: String
    private let descriptor: Int32
    /// Far more than any record of a run has.
    private static let recordByteLimit = 16 << 20

    init(_ path: String) throws(ReconciliationError) {
        self.path = path
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            var information = stat()
            switch code {
            case ENOENT: throw .folderMissing(path: path, isIncomplete: lstat("\(path).incomplete", &information) == 0)
            case ENOTDIR: throw .notARun(path: path, reason: "it is no folder")
            default: throw .unreadable(path: path, reason: String(cString: strerror(code)).lowercased())
            }
        }
    }

    deinit {
        close(descriptor)
    }

    func open(_ name: String) throws(ReconciliationError) -> Int32 {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            switch errno {
            case ENOENT: throw .notARun(path: path, reason: "\(name) is missing")
            case ELOOP: throw .notARun(path: path, reason: "\(name) is a symbolic link, which is not followed")
            default:
                throw .unreadable(path: "\(path)/\(name)", reason: String(cString: strerror(errno)).lowercased())
            }
        }
        var information = stat()
        guard fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw .notARun(path: path, reason: "\(name) is no file")
        }
        return file
    }

    /// The digests of some files, and that of the list itself; streams it, since there may be a line for each device.
    func sums(of names: Set<String>) throws(ReconciliationError) -> (SHA256Digest, [String: String]) {
        let file = try open("SHA256SUMS")
        defer { close(file) }
        do { return try Self.sums(of: names, in: file) } catch {
            throw .readingFailed(path: "\(path)/SHA256SUMS", error)
        }
    }

    private static func sums(
        of names: Set<String>, in file: Int32
    ) throws(ManifestReadError) -> (SHA256Digest, [String: String]) {
        let limits = ManifestLimits()
        var lines = try LineScanner(descriptor: file, limits: limits)
        var digests: [String: String] = [:]
        let wanted = names.map { (name: $0, bytes: Array("  \($0)\n".utf8)) }
        while true {
            switch try lines.next(limit: limits.recordByteCount) {
            case .end: return (try lines.digestSoFar(), digests)
            // No line of ours; then what is looked for is missing.
            case .tooLong: return (try lines.digestSoFar(), [:])
            case .line(let text):
                for (name, bytes) in wanted
                where text.count == 64 + bytes.count && text.suffix(bytes.count).elementsEqual(bytes) {
                    digests[name] = String(decoding: text.prefix(64), as: UTF8.self)
                }
            }
        }
    }

    func record(_ expected: String) throws -> FinishedRun.Record {
        let place = "\(path)/run.json"
        let bytes = try read("run.json")
        guard Hexadecimal.text(ContentDigest.sha256(bytes)).lowercased() == expected else {
            throw ReconciliationError.altered(path: place)
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let record = try? decoder.decode(FinishedRun.Record.self, from: Data(bytes)),
            record.schema == "ipek.run/1", record.counts.issued >= 0, record.counts.rejected >= 0,
            record.counts.devices <= ManifestLimits().deviceCount,
            record.counts.issued.addingReportingOverflow(record.counts.rejected) == (record.counts.devices, false)
        else {
            throw ReconciliationError.bad(
                path: place, line: nil, reason: "expected the record of a run, found something else")
        }
        return record
    }

    private func read(_ name: String) throws(ReconciliationError) -> [UInt8] {
        let file = try open(name)
        defer { close(file) }
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0, bytes.count <= Self.recordByteLimit else {
                throw .unreadable(
                    path: "\(path)/\(name)",
                    reason: count < 0 ? String(cString: strerror(errno)).lowercased() : "it is too long")
            }
            bytes += buffer[..<count]
        }
    }
}
