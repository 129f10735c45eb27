import Glibc
public import PaymentCrypto

/// A site as anybody can read it: its settings, and the names and headers of its keys.
///
/// Nothing here is proved to be genuine yet; that takes the master key. See `UnlockedSite`.
public struct Site: Sendable {
    /// The folder.
    public let path: String
    let document: SiteDocument
    let sealedMasterKey: SealedMasterKey
    private let file: AuthenticatedDocument

    /// Reads the settings of the site at `path`.
    public init(at path: String) throws(FacilityError) {
        let folder = try Self.open(path)
        try self.init(folder)
    }

    init(_ folder: borrowing SiteFolder) throws(FacilityError) {
        path = folder.path
        let name = "\(folder.path)/\(SiteDocument.fileName)"
        let bytes = try FacilityError.converting { try folder.read(SiteDocument.fileName) }
        guard let bytes else { throw .siteMissing(path: folder.path) }
        guard let file = AuthenticatedDocument(bytes) else { throw .damaged(file: name, reason: Self.damage) }
        let document: SiteDocument
        do { document = try file.decode(SiteDocument.self) } catch let fault as SettingFault {
            throw .damaged(file: name, reason: fault.description)
        } catch { throw .damaged(file: name, reason: Self.unknownForm) }
        guard document.schema == SiteDocument.currentSchema, let sealed = document.masterKey.sealedMasterKey else {
            throw .damaged(file: name, reason: Self.unknownForm)
        }
        self.file = file
        self.document = document
        sealedMasterKey = sealed
    }

    private static let unknownForm = "the settings are none that this version of the tool knows"
    static let damage = "the file was cut short or edited by hand"

    static func open(_ path: String) throws(FacilityError) -> SiteFolder {
        let folder: SiteFolder
        do throws(FileFailure) { folder = try SiteFolder(path) } catch {
            if error.code == EACCES, let exposure = FileExposure(folder: path) { throw .exposed(exposure) }
            throw error.code == ENOENT || error.code == ENOTDIR ? .siteMissing(path: path) : .file(error)
        }
        do throws(FileExposure) { try folder.checkIsPrivate() } catch { throw .exposed(error) }
        return folder
    }

    /// Test or production.
    public var environment: SiteEnvironment { document.environment }
    /// What can be set.
    public var settings: SiteSettings { document.settings }
    /// When the site was made, UTC.
    public var created: String { document.created }
    /// How many custodians have a passphrase.
    public var custodianCount: Int { sealedMasterKey.custodians.count }
    /// How many of them it takes to open the site.
    public var quorum: Int { sealedMasterKey.quorum }
    /// How passphrases are stretched.
    public var scrypt: ScryptParameters { sealedMasterKey.scrypt }

    /// The keyring as anybody can read it, without a passphrase.
    public func keyring() throws(FacilityError) -> Keyring {
        try KeyringFile(in: try Self.open(path)).keyring
    }

    /// Opens the site with a quorum of passphrases, and proves that its settings are genuine.
    public func unlock(with secrets: borrowing CustodianSecrets) throws(FacilityError) -> UnlockedSite {
        let masterKey = try FacilityError.converting {
            try sealedMasterKey.open(with: secrets)
        }
        try prove(masterKey)
        let opened = UnlockedSite(site: self, masterKey: masterKey)
        let finished = try opened.finishChanges()
        guard !finished.isEmpty else { return opened }
        let current = try Site(at: path)
        try current.prove(opened.masterKey)
        return UnlockedSite(site: current, masterKey: opened.masterKey, finished: finished)
    }

    /// Refuses a production key that one person knows alone.
    ///
    /// See PCI PIN v3.1, requirement 21-1: at least two components.
    public func checkComponentCount(_ count: Int) throws(FacilityError) {
        guard environment == .test || count > 1 else { throw .policy(.singleComponent) }
    }

    func prove(_ masterKey: borrowing MasterKey) throws(FacilityError) {
        let isGenuine = try FacilityError.converting {
            try file.isGenuine(under: masterKey, for: .siteSettings)
        }
        guard isGenuine else { throw .damaged(file: "\(path)/\(SiteDocument.fileName)", reason: Self.forgery) }
    }

    static let forgery = "the file was not written under this site's master key"
}
