import GRDB
import Glibc

/// Where the ledger is, and how SQLite gets at it: the folder's own rules hold for it as for every file of the site.
enum LedgerFile {
    static let fileName = "ledger.sqlite"
    private static let newName = fileName + ".new"

    /// How long another process's change is waited for.
    ///
    /// A reservation of ten million scattered numbers takes less.
    static let patience = 10.0

    /// Opens the ledger; nil where there is none.
    static func open(
        in folder: borrowing SiteFolder, patience: Double = patience
    ) throws(FacilityError) -> DatabaseQueue? {
        guard let before = try folder.identity(of: fileName) else { return nil }
        // A journal that a crash has left is read back by SQLite, so it has to be ours, too.
        _ = try folder.identity(of: fileName + "-journal")
        let path = "\(folder.path)/\(fileName)"
        let queue = try FacilityError.convertingLedger(path) {
            let queue = try DatabaseQueue(path: plain(path), configuration: configuration(patience))
            try queue.read { try LedgerSchema.check($0, path: path) }
            return queue
        }
        // SQLite opens by path: it has to have been the same file all the time.
        guard try folder.identity(of: fileName) == before else {
            throw .exposed(FileExposure(noFileAt: path))
        }
        return queue
    }

    /// Makes a ledger where there is none: with its tables, and on disk, before it gets its name.
    ///
    /// So an empty file is always damage.
    static func make(in folder: borrowing SiteFolder) throws(FacilityError) {
        try FacilityError.converting { try folder.lock() }
        guard try folder.identity(of: fileName) == nil else { return }
        let path = "\(folder.path)/\(newName)"
        for name in [newName, newName + "-journal"] { folder.remove(name) }
        try FacilityError.converting { try folder.write(newName, []) }
        do throws(FacilityError) {
            try FacilityError.convertingLedger(path) {
                let queue = try DatabaseQueue(path: plain(path), configuration: configuration(patience))
                try queue.write(LedgerSchema.create)
                try queue.close()
            }
            try FacilityError.converting { try folder.rename(newName, to: fileName) }
        } catch {
            for name in [newName, newName + "-journal"] { folder.remove(name) }
            throw error
        }
    }

    /// A path that SQLite takes as one, whatever it begins with.
    private static func plain(_ path: String) -> String { path.hasPrefix("/") ? path : "./" + path }

    private static func configuration(_ patience: Double) -> Configuration {
        var configuration = Configuration()
        configuration.label = "ipek.ledger"
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            for pragma in pragmas { try database.execute(sql: "PRAGMA \(pragma)") }
        }
        return configuration
    }

    /// See docs/formats/ledger.md for the reasons.
    private static let pragmas = [
        "page_size = \(LedgerSchema.pageByteCount)",
        // One file at rest; with 'extra' the folder is flushed after the journal is removed, so a commit lasts.
        "journal_mode = DELETE", "synchronous = EXTRA",
        // The promise of flat memory; nothing goes to a file outside the site.
        "cache_size = -4096", "temp_store = MEMORY",
        // What is in the file may not run functions, and bad pages are found before they are used.
        "trusted_schema = OFF", "cell_size_check = ON",
    ]
}

/// Which file of the file system a name stands for.
struct FileIdentity: Equatable {
    let device: UInt
    let number: UInt
}

extension SiteFolder {
    /// The file of this name, or nil where there is none; refused where it is a link or others could have written it.
    ///
    /// It is not opened: closing it again would give back the locks that SQLite has on it in this process.
    func identity(of name: String) throws(FacilityError) -> FileIdentity? {
        let status: stat?
        do throws(FileFailure) { status = try self.status(of: name) } catch { throw .file(error) }
        guard let status else { return nil }
        if let exposure = FileExposure("\(path)/\(name)", status, isFolder: false) { throw .exposed(exposure) }
        return FileIdentity(device: UInt(status.st_dev), number: UInt(status.st_ino))
    }
}
