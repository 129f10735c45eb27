import Glibc
public import PaymentCrypto

/// A site that is taken out of a backup: it lies beside its place until it is proved.
public final class RestoredSite {
    /// What anybody can read of it.
    public let site: Site
    private let path: String
    private let temporary: String
    private let digest: SHA256Digest
    private let code: String
    private var isPlaced = false

    /// Unpacks a backup beside the folder that it is to become.
    ///
    /// - Throws: `.backupDamaged` where the file is not as it was written; `.siteExists` where the place is taken.
    public init(_ backup: String, to path: String) throws(FacilityError) {
        _ = try NewSite(path: path, environment: .test, quorum: 1)
        self.path = path
        temporary = "\(NewSite.withoutEnd(of: path)).new-\(getpid())"
        let folder = temporary
        do {
            guard mkdir(folder, 0o700) == 0 else { throw FileFailure("making", path) }
            let file = try BackupFile(backup, O_RDONLY)
            guard let (digest, code) = try Self.unpack(file, into: folder) else {
                throw FacilityError.backupDamaged(path: backup)
            }
            (self.digest, self.code) = (digest, code)
            site = try Site(at: folder)
        } catch {
            Self.discard(folder)
            throw FacilityError(error)
        }
    }

    deinit {
        if !isPlaced { Self.discard(temporary) }
    }

    /// Proves the backup under the master key that opened it, looks at its ledger and its audit log, and gives it its place.
    ///
    /// - Returns: the digest of the backup.
    public func place(openedAs site: borrowing UnlockedSite, backup: String) throws(FacilityError) -> SHA256Digest {
        guard try SiteBackup.code(over: digest, under: site.masterKey).description == code else {
            throw .backupDamaged(path: backup)
        }
        _ = try site.keyring()
        let verification = try site.verifyAuditLog()
        guard verification.fault == nil else { throw .backupDamaged(path: backup) }
        let place = NewSite.withoutEnd(of: path)
        try FacilityError.converting {
            try SiteFolder(temporary).synchronize()
            guard rename(temporary, place) == 0 else { throw FileFailure("making", path) }
            isPlaced = true
            try SiteFolder(NewSite.parent(of: place)).synchronize()
        }
        return digest
    }

    /// Nil where the file is not as a backup is written.
    private static func unpack(_ file: BackupFile, into folder: String) throws -> (SHA256Digest, String)? {
        guard try file.line(counts: { _ in true }).map({ $0 + "\n" }) == SiteBackup.firstLine else { return nil }
        var seen: Set<String> = []
        while let line = try file.line(counts: { !$0.hasPrefix(SiteBackup.end + " ") }) {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            if parts.first.map(String.init) == SiteBackup.end {
                let digest = try file.digest()
                guard parts.count == 3, SHA256Digest(parts[1]) == digest, try file.content(1).isEmpty else {
                    return nil
                }
                return (digest, String(parts[2]))
            }
            guard parts.count == 2, let size = Int(parts[1]), size >= 0, SiteBackup.permits(String(parts[0])),
                seen.insert(String(parts[0])).inserted, try copy(size, of: file, to: "\(folder)/\(parts[0])", folder)
            else { return nil }
        }
        return nil
    }

    private static func copy(_ size: Int, of file: BackupFile, to path: String, _ folder: String) throws -> Bool {
        if path.hasPrefix("\(folder)/\(RunsFolder.name)/") { mkdir("\(folder)/\(RunsFolder.name)", 0o700) }
        let copy = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard copy >= 0 else { throw FileFailure("making", path) }
        defer { close(copy) }
        var rest = size
        while rest > 0 {
            let bytes = try file.content(rest)
            guard !bytes.isEmpty else { return false }
            try BackupFile.write(bytes, to: copy, path)
            rest -= bytes.count
        }
        guard fsync(copy) == 0 else { throw FileFailure("writing", path) }
        return true
    }

    /// Removes what was unpacked; only names that a backup may have are in it.
    private static func discard(_ folder: String) {
        for part in ["\(folder)/\(RunsFolder.name)", folder] {
            guard let entries = opendir(part) else { continue }
            while let entry = readdir(entries) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { unlink("\(part)/\(name)") }
            }
            closedir(entries)
            rmdir(part)
        }
    }
}
