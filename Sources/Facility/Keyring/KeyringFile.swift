import PaymentCrypto

/// The keyring together with the file that it was read from, so that the file can be proved to be genuine.
struct KeyringFile {
    var keyring: Keyring
    private let file: AuthenticatedDocument
    private let path: String

    init(in folder: borrowing SiteFolder) throws(FacilityError) {
        path = "\(folder.path)/\(Keyring.fileName)"
        let bytes = try FacilityError.converting { try folder.read(Keyring.fileName) }
        guard let bytes else { throw .damaged(file: path, reason: FacilityError.missing) }
        guard let file = AuthenticatedDocument(bytes) else { throw .damaged(file: path, reason: Site.damage) }
        guard let document = try? file.decode(Keyring.Document.self), let keyring = Keyring(document) else {
            throw .damaged(file: path, reason: "the entries are none that this version of the tool knows")
        }
        self.keyring = keyring
        self.file = file
    }

    /// The keyring, once it is proved that nobody without the master key has written it.
    func proved(by masterKey: borrowing MasterKey) throws(FacilityError) -> Keyring {
        let isGenuine = try FacilityError.converting {
            try file.isGenuine(under: masterKey, for: .keyring)
        }
        guard isGenuine else { throw .damaged(file: path, reason: Site.forgery) }
        return keyring
    }
}
