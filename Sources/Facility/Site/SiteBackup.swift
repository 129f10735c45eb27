import Glibc
import PaymentCrypto

/// A whole site in one file; see docs/formats/site.md.
enum SiteBackup {
    static let firstLine = "ipek site backup 1\n"
    static let end = "end"
    private static let files = [SiteDocument.fileName, Keyring.fileName, AuditLog.fileName, LedgerFile.fileName]

    /// Whether a backup may have a file of this name: nothing that leaves the site's folder.
    static func permits(_ name: String) -> Bool {
        if files.contains(name) { return true }
        let prefix = RunsFolder.name + "/"
        return name.hasPrefix(prefix) && RunIdentifier(String(name.dropFirst(prefix.count))) != nil
    }

    /// What proves a backup: the code under the site's master key over the digest of all that is before it.
    static func code(
        over digest: SHA256Digest, under masterKey: borrowing MasterKey
    ) throws(FacilityError) -> AuthenticationCode {
        try FacilityError.converting { try masterKey.authenticationKey(.siteBackup).code(over: digest.bytes) }
    }
}

/// Bytes of a backup on their way to or from its file, with a digest over them.
///
/// One owner at a time.
final class BackupFile {
    let path: String
    private let descriptor: Int32
    private let stream: SHA256Stream
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ path: String, _ flags: Int32) throws {
        descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileFailure(flags & O_CREAT != 0 ? "making" : "reading", path) }
        self.path = path
        stream = try SHA256Stream()
    }

    deinit {
        close(descriptor)
    }

    /// Over all bytes so far.
    func digest() throws -> SHA256Digest { try stream.digest() }

    func write(_ text: String) throws { try write(Array(text.utf8)[...]) }

    func write(_ bytes: ArraySlice<UInt8>) throws {
        try Self.write(bytes, to: descriptor, path)
        try bytes.withUnsafeBytes { try stream.update($0) }
    }

    func synchronize() throws(FileFailure) {
        guard fsync(descriptor) == 0 else { throw FileFailure("writing", path) }
    }

    static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, _ path: String) throws(FileFailure) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure("writing", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// The next bytes, at most so many; none at the end.
    static func read(_ most: Int, from descriptor: Int32, _ path: String) throws(FileFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: most)
        while true {
            let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure("reading", path) }
            return Array(bytes.prefix(count))
        }
    }

    /// The next line without its end; nil where none ends within 200 bytes.
    ///
    /// - Parameter counts: whether it is under the digest.
    func line(counts: (String) -> Bool) throws -> String? {
        var line: [UInt8] = []
        while let byte = try take(1).first {
            guard byte != UInt8(ascii: "\n") else {
                let text = String(decoding: line, as: UTF8.self)
                if counts(text) { try (line + [byte]).withUnsafeBytes { try stream.update($0) } }
                return text
            }
            line.append(byte)
            guard line.count < 200 else { return nil }
        }
        return nil
    }

    /// The next bytes of a file's content; fewer only at the end of the backup.
    func content(_ most: Int) throws -> ArraySlice<UInt8> {
        let bytes = try take(most)
        try bytes.withUnsafeBytes { try stream.update($0) }
        return bytes
    }

    private func take(_ most: Int) throws(FileFailure) -> ArraySlice<UInt8> {
        if position == buffer.count {
            buffer = try Self.read(64 << 10, from: descriptor, path)
            position = 0
        }
        let end = min(buffer.count, position + most)
        defer { position = end }
        return buffer[position..<end]
    }
}
