import PaymentCrypto

/// Something that was done to a key or a run, or tried: what the audit log keeps of it.
///
/// Nothing secret goes in, and no data of a device.
public struct AuditEvent: Sendable, Equatable {
    /// What came of it.
    public enum Result: String, Codable, Sendable {
        /// It was done.
        case done
        /// A rule, a policy or a check value forbade it.
        case refused
        /// It could not be done.
        case failed
        /// Somebody stopped it.
        case interrupted
    }

    /// A key that was touched.
    public struct Key: Codable, Equatable, Sendable {
        /// Its name.
        public var name: String
        /// Its check value; empty where there was no key yet to have one.
        public var kcv: String
        /// What it was touched as, where that is not plain: `bdk`, `kbpk`, `under`.
        public var role: String?

        /// A key by its name and check value.
        public init(name: String, kcv: String, role: String? = nil) {
            self.name = name
            self.kcv = kcv
            self.role = role
        }
    }

    /// One more thing worth knowing, such as a custodian, a bag or a digest.
    public struct Fact: Codable, Equatable, Sendable {
        /// What it is.
        public var name: String
        /// What it says.
        public var value: String
    }

    /// A file of the site that was replaced.
    public struct Replacement: Codable, Equatable, Sendable {
        /// Its name: `keyring.json` or `site.json`.
        public var file: String
        /// The SHA-256 of its new content, in hexadecimal.
        public var sha256: String

        init(_ file: String, _ content: [UInt8]) {
            self.file = file
            sha256 = Hexadecimal.text(ContentDigest.sha256(content)).lowercased()
        }
    }

    /// The command: `key import`.
    public var action: String
    /// Who did it, as they said.
    public var operators: [String] = []
    /// The keys that were touched.
    public var keys: [Key] = []
    /// In the order in which they were added.
    public var facts: [Fact] = []
    /// What came of it.
    public var result = Result.done
    /// Why, where it was not done.
    public var reason: String?
    /// The digest of the line that told of its beginning, where there is one.
    public var undertaking: AuditHead?
    /// The file that it replaced.
    public internal(set) var writes: Replacement?
    /// The digest of the line that tells of it, once there is one.
    public internal(set) var head: AuditHead?

    /// An event that is done, unless more is said.
    public init(_ action: String) {
        self.action = action
    }

    /// Adds the name of a key that is to be; the key itself takes its place when there is one.
    public mutating func add(_ name: KeyName, as role: String? = nil) {
        guard !keys.contains(where: { $0.name == name.description }) else { return }
        keys.append(Key(name: name.description, kcv: "", role: role))
    }

    /// Adds a key of the keyring.
    public mutating func add(_ entry: KeyringEntry, as role: String? = nil) {
        keys.removeAll { $0.name == entry.name.description && $0.kcv.isEmpty }
        keys.append(Key(name: entry.name.description, kcv: entry.checkValue, role: role))
    }

    /// Adds an RSA key, which has no check value: its public half's digest is a fact.
    public mutating func add(_ key: RSAKeyEntry, as role: String? = nil) {
        add(key.name, as: role)
        add(fact: "public_key_sha256", key.publicKeyDigest?.description ?? "")
    }

    /// Adds the certificate that an RSA key has now.
    mutating func add(certificate key: RSAKeyEntry) {
        guard let certificate = key.certificate else { return }
        add(fact: "certificate_sha256", certificate.sha256.description)
        add(fact: "serial_number", certificate.serialNumber)
        add(fact: "issuer", certificate.issuer)
    }

    /// Adds a trust anchor.
    public mutating func add(_ anchor: TrustAnchor, as role: String? = nil) {
        add(anchor.name, as: role)
        add(fact: "trusted_for", anchor.role.rawValue)
        add(fact: "certificate_sha256", anchor.certificate.sha256.description)
    }

    /// Adds whatever stands under a name of the keyring.
    mutating func add(_ name: KeyName, from keyring: Keyring) throws(FacilityError) {
        switch keyring.kind(of: name) {
        case .rsa: add(try keyring.rsaKey(name))
        case .anchor: add(try keyring.anchor(name))
        case .symmetric: add(try keyring.entry(name))
        case nil: add(name)
        }
    }

    /// Adds a fact.
    public mutating func add(fact name: String, _ value: String) {
        facts.append(Fact(name: name, value: value))
    }
}
