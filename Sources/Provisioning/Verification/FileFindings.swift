import Glibc
import PaymentCrypto

/// What was found of the files of a run, by their names; in the end it is held against what `SHA256SUMS` lists.
struct FileFindings {
    /// What `SHA256SUMS` says of the files that are not in `devices/`.
    var listed: [SumsFile.Listed] = []
    /// Of `SHA256SUMS` itself; nil where it cannot be read.
    var sums: SHA256Digest?
    /// What was read already.
    var digests: [String: SHA256Digest] = [:]
    /// What must be there, listed or not.
    var needed: [String] = []
    /// What every run has.
    static let always = [VerifyRun.recordName, VerificationPass.reportName, RunReport.fileName]
    /// What may be there without being listed.
    var tolerated: [String] = []
    /// Whether there is a folder `devices`.
    var hasDevices = false
    var exposedCount = 0

    /// Reads what nobody has read yet, and tells of every file that is missing, changed or added.
    func finish(in folder: RunFolder, _ report: inout VerifyReport) throws {
        var exposed = exposedCount
        for file in listed { try compare(file, in: folder, &report, &exposed) }
        guard sums != nil else { return }
        for name in needed where !listed.contains(where: { $0.name == name }) {
            report.tell(folder.path(of: SumsFile.name), "\(name) is not listed")
            if case .failure(let oddity) = folder.open(name) { report.tell(folder.path(of: name), oddity.description) }
        }
        let known = Set(listed.map(\.name) + [SumsFile.name] + tolerated + (hasDevices ? ["devices"] : []))
        for stranger in try FolderCensus(folder: folder).strangers(besides: known) { report.diagnostics.add(stranger) }
        tellModes(exposed, folder, &report)
    }

    private func compare(
        _ file: SumsFile.Listed, in folder: RunFolder, _ report: inout VerifyReport, _ exposed: inout Int
    ) throws {
        let path = folder.path(of: file.name)
        switch folder.open(file.name) {
        case .failure(let oddity): report.tell(path, oddity.description)
        case .success(let opened):
            if opened.isExposed { exposed += 1 }
            let digest: SHA256Digest
            if let known = digests[file.name] {
                close(opened.descriptor)
                digest = known
            } else {
                digest = try FileDigest(opened, path: path).digest()
            }
            guard digest != file.digest else { return }
            report.tell(path, "the file was changed: its SHA-256 is \(digest), and SHA256SUMS has \(file.digest)")
        }
    }

    /// A copy may well have other permissions, so they are no difference.
    private func tellModes(_ exposed: Int, _ folder: RunFolder, _ report: inout VerifyReport) {
        let mode = RunFolder.mode(of: folder.descriptor)
        if mode != 0o700 {
            report.warn(
                folder.path, "expected permissions 700, as a run makes its folder, found \(String(mode, radix: 8))")
        }
        if exposed > 0 {
            report.warn(
                folder.path, "\(exposed) file\(exposed == 1 ? "" : "s"): expected permissions 600, as a run makes them")
        }
    }
}

extension VerifyReport {
    mutating func warn(_ file: String, _ message: String) {
        diagnostics.add(Diagnostic(file: file, severity: .warning, message: message))
    }
}

/// Reads a file that nobody looks into.
struct FileDigest {
    private let file: OpenFile
    private let path: String

    /// - Parameter file: closed when it was read.
    init(_ file: OpenFile, path: String) {
        (self.file, self.path) = (file, path)
    }

    /// The digest of the whole file.
    func digest() throws(VerificationError) -> SHA256Digest {
        try LineReader(file, path: path).finish()
    }

    /// All of a small file.
    func contents() throws(VerificationError) -> [UInt8] {
        defer { close(file.descriptor) }
        let buffer = ByteBuffer(capacity: file.byteCount + 1)
        while buffer.count <= file.byteCount {
            let room = file.byteCount + 1 - buffer.count
            let count = Glibc.read(file.descriptor, buffer.reserve(room), room)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .readingFailed(path: path, code: errno) }
            if count == 0 { break }
            buffer.advance(by: count)
        }
        return Array(buffer.characters)
    }
}
