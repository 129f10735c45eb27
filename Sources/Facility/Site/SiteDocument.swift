import PaymentCrypto

/// `site.json`, member by member.
struct SiteDocument: Codable, Sendable {
    static let fileName = "site.json"
    static let currentSchema = 1

    var schema = SiteDocument.currentSchema
    var environment: SiteEnvironment
    var created: String
    var settings: SiteSettings
    var masterKey: MasterKeyMember
    /// Whether the site has an audit log, which may not be missing then; nil in a site older than the log.
    var hasAuditLog: Bool?
    /// Missing where there is none.
    var headerProfiles: [HeaderProfile]?

    enum CodingKeys: String, CodingKey {
        case schema, environment, created, settings
        case hasAuditLog = "audit_log"
        case masterKey = "master_key"
        case headerProfiles = "header_profiles"
    }

    /// The sealed master key as text.
    struct MasterKeyMember: Codable, Sendable {
        var quorum: Int
        var scryptLogN: Int
        var salt: String
        var custodians: [String]
        var seals: [SealMember]

        enum CodingKeys: String, CodingKey {
            case quorum, salt, custodians, seals
            case scryptLogN = "scrypt_log_n"
        }
    }

    /// One seal as text.
    struct SealMember: Codable, Sendable {
        var custodians: [Int]
        var sealed: String
    }
}

extension SiteDocument.MasterKeyMember {
    init(_ sealed: SealedMasterKey) {
        quorum = sealed.quorum
        scryptLogN = sealed.scrypt.logN
        salt = Hexadecimal.text(sealed.scrypt.salt)
        custodians = sealed.custodians.map(\.description)
        seals = sealed.seals.map { SiteDocument.SealMember(custodians: $0.custodians, sealed: $0.sealed.description) }
    }

    /// What the text stands for; nil where it stands for nothing.
    var sealedMasterKey: SealedMasterKey? {
        let parsed = seals.compactMap { seal in
            SealedBytes(seal.sealed).map { SealedMasterKey.Seal(custodians: seal.custodians, sealed: $0) }
        }
        let custodians = custodians.compactMap { SealedBytes($0) }
        guard parsed.count == seals.count, custodians.count == self.custodians.count,
            let salt = Hexadecimal.bytes(salt), let scrypt = ScryptParameters(logN: scryptLogN, salt: salt)
        else { return nil }
        return SealedMasterKey(scrypt: scrypt, quorum: quorum, custodians: custodians, seals: parsed)
    }
}
