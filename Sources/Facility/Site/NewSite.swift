import Glibc
public import PaymentCrypto

/// A site about to be made.
public struct NewSite: Sendable {
    /// The folder.
    public let path: String
    /// Test or production.
    public let environment: SiteEnvironment
    /// How many custodians it takes to open the site.
    public let quorum: Int

    /// Refuses a path at which something is already, unless it is an empty folder; never the current folder.
    public init(path: String, environment: SiteEnvironment, quorum: Int) throws(FacilityError) {
        self.path = path
        self.environment = environment
        self.quorum = quorum
        try checkIsFree()
    }

    /// Makes the folder with an empty keyring, all at once: after a crash there is a whole site or none.
    ///
    /// - Parameter event: the first of the audit log, to which the site's own facts are added.
    public func make(
        for secrets: borrowing CustodianSecrets, recording event: AuditEvent = AuditEvent("init")
    ) throws(FacilityError) -> UnlockedSite {
        let masterKey = try FacilityError.converting { try MasterKey.random() }
        let sealed = try FacilityError.converting {
            try SealedMasterKey(sealing: masterKey, for: secrets, quorum: quorum)
        }
        let document = SiteDocument(
            environment: environment, created: Timestamp.now, settings: SiteSettings(),
            masterKey: SiteDocument.MasterKeyMember(sealed), hasAuditLog: true)
        let settings = try AuthenticatedDocument.encode(document, under: masterKey, for: .siteSettings)
        let keyring = try AuthenticatedDocument.encode(Keyring().document, under: masterKey, for: .keyring)
        let log = try firstLine(event, custodianCount: sealed.custodians.count, masterKey)
        try FacilityError.converting {
            try place(settings: settings, keyring: keyring, log: log)
        }
        return UnlockedSite(site: try Site(at: path), masterKey: masterKey)
    }

    private func firstLine(
        _ event: AuditEvent, custodianCount: Int, _ masterKey: borrowing MasterKey
    ) throws(FacilityError) -> [UInt8] {
        var event = event
        event.add(fact: "environment", environment.rawValue)
        event.add(fact: "custodians", "\(quorum) of \(custodianCount)")
        let key = try FacilityError.converting { try masterKey.authenticationKey(.auditLog) }
        return try AuditLine(event, after: nil).encode(under: key) + [UInt8(ascii: "\n")]
    }

    private func checkIsFree() throws(FacilityError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .file(FileFailure("making", path))
        }
        guard status.st_mode & S_IFMT == S_IFDIR, isEmptyFolder else { throw .siteExists(path: path) }
        // An empty folder gives way to the new one, and whoever is in it would be nowhere.
        var current = stat()
        guard stat(".", &current) != 0 || (current.st_dev, current.st_ino) != (status.st_dev, status.st_ino) else {
            throw .siteIsCurrentFolder(path: path)
        }
    }

    private var isEmptyFolder: Bool {
        guard let folder = opendir(path) else { return false }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // The folder itself and the one above it.
        return count <= 2
    }

    /// Writes everything into a folder beside it, which then takes the name; an empty folder gives way.
    private func place(settings: [UInt8], keyring: [UInt8], log: [UInt8]) throws(FileFailure) {
        let trimmed = Self.withoutEnd(of: path)
        let temporary = "\(trimmed).new-\(getpid())"
        guard mkdir(temporary, 0o700) == 0 else { throw FileFailure("making", path) }
        do throws(FileFailure) {
            let folder = try SiteFolder(temporary)
            try folder.write(Keyring.fileName, keyring)
            try folder.write(AuditLog.fileName, log)
            try folder.write(SiteDocument.fileName, settings)
            try folder.synchronize()
            guard rename(temporary, trimmed) == 0 else { throw FileFailure("making", path) }
        } catch {
            discard(temporary)
            throw error
        }
        try SiteFolder(Self.parent(of: trimmed)).synchronize()
    }

    private func discard(_ temporary: String) {
        if let folder = try? SiteFolder(temporary) {
            folder.remove(Keyring.fileName)
            folder.remove(AuditLog.fileName)
            folder.remove(SiteDocument.fileName)
        }
        rmdir(temporary)
    }

    /// The path without the slashes at its end, with which nothing can be renamed, nor with `/.`.
    static func withoutEnd(of path: String) -> String {
        var rest = path[...]
        while rest.hasSuffix("/") || rest.hasSuffix("/.") { rest.removeLast() }
        return String(rest)
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
