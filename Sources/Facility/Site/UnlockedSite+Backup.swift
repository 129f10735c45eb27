import Glibc
public import PaymentCrypto

extension UnlockedSite {
    /// Writes the whole site into a new file, which nobody can change unnoticed without the master key.
    ///
    /// Nobody else changes the site meanwhile.
    ///
    /// - Returns: the digest of what the file holds.
    public func backUp(to path: String) throws(FacilityError) -> SHA256Digest {
        do {
            let folder = try Site.open(site.path)
            try folder.lock()
            let log = try openLog()
            let backup = try BackupFile(path, O_WRONLY | O_CREAT | O_EXCL)
            do {
                return try write(backup, folder, auditLog: try log.byteCount())
            } catch {
                unlink(path)
                throw error
            }
        } catch let error as FileFailure where error.code == EEXIST {
            throw .backupExists(path: path)
        } catch {
            throw FacilityError(error)
        }
    }

    private func write(
        _ backup: BackupFile, _ folder: borrowing SiteFolder, auditLog: Int
    ) throws -> SHA256Digest {
        try backup.write(SiteBackup.firstLine)
        for name in [SiteDocument.fileName, Keyring.fileName] {
            guard let bytes = try folder.read(name) else {
                throw FacilityError.damaged(file: "\(folder.path)/\(name)", reason: FacilityError.missing)
            }
            try backup.write("\(name) \(bytes.count)\n")
            try backup.write(bytes[...])
        }
        try copy(AuditLog.fileName, of: folder, byteCount: auditLog, to: backup)
        try copyLedger(of: folder, to: backup)
        if let names = try RunsFolder(of: site)?.finishedFiles() {
            guard let runs = try folder.subfolder(RunsFolder.name) else { return try finish(backup) }
            for name in names { try copy(name, of: runs, prefix: RunsFolder.name + "/", to: backup) }
        }
        return try finish(backup)
    }

    /// The ledger at rest: whoever changes it waits, and the file is closed when nothing is locked any more.
    private func copyLedger(of folder: borrowing SiteFolder, to backup: BackupFile) throws {
        guard let ledger = try Ledger.open(site),
            let file = try folder.openFile(LedgerFile.fileName, O_RDONLY)
        else { return }
        defer { close(file) }
        let path = "\(folder.path)/\(LedgerFile.fileName)"
        _ = try ledger.change { _, _ -> Never? in
            try Self.copy(file, LedgerFile.fileName, path, byteCount: nil, to: backup)
            return nil
        }
    }

    private func copy(
        _ name: String, of folder: borrowing SiteFolder, prefix: String = "", byteCount: Int? = nil,
        to backup: BackupFile
    ) throws {
        guard let file = try folder.openFile(name, O_RDONLY) else { return }
        defer { close(file) }
        try Self.copy(file, prefix + name, "\(folder.path)/\(name)", byteCount: byteCount, to: backup)
    }

    private static func copy(
        _ file: Int32, _ name: String, _ path: String, byteCount: Int?, to backup: BackupFile
    ) throws {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileFailure("reading", path) }
        var rest = byteCount ?? Int(status.st_size)
        try backup.write("\(name) \(rest)\n")
        while rest > 0 {
            let bytes = try BackupFile.read(min(rest, 64 << 10), from: file, path)
            // Whoever cuts a file of the site while it is read is not this tool.
            guard !bytes.isEmpty else { throw FileFailure("reading", path, code: EIO) }
            try backup.write(bytes[...])
            rest -= bytes.count
        }
    }

    private func finish(_ backup: BackupFile) throws -> SHA256Digest {
        let digest = try backup.digest()
        let code = try SiteBackup.code(over: digest, under: masterKey)
        try backup.write("\(SiteBackup.end) \(digest) \(code)\n")
        try backup.synchronize()
        return digest
    }
}
