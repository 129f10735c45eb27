import Facility
import PaymentCrypto

/// A site as `site show` prints it.
struct SiteReport: Encodable {
    let path: String
    let environment: String
    let created: String
    let custodians: Int
    let quorum: Int
    let scryptLogN: Int
    let settings: SiteSettings
    let keys: Int
    /// Missing where there is none.
    let headerProfiles: [HeaderProfile]?

    enum CodingKeys: String, CodingKey {
        case path, environment, created, custodians, quorum, settings, keys
        case scryptLogN = "scrypt_log_n"
        case headerProfiles = "header_profiles"
    }

    init(_ site: Site) throws {
        path = site.path
        environment = site.environment.rawValue
        created = site.created
        custodians = site.custodianCount
        quorum = site.quorum
        scryptLogN = site.scrypt.logN
        settings = site.settings
        let keyring = try site.keyring()
        keys = keyring.entries.count + keyring.rsaKeys.count
        let profiles = site.profiles.entries
        headerProfiles = profiles.isEmpty ? nil : profiles
    }

    var text: String {
        let settings = SiteSettings.Key.allCases.map { (name: $0.rawValue, value: self.settings[$0]) }
        return Columns.facts(
            [
                ("site", path), ("environment", environment), ("created", created),
                ("custodians", "\(quorum) of \(custodians) open the site"), ("scrypt", "N = 2^\(scryptLogN)"),
                ("keys", "\(keys)"),
            ] + settings + (headerProfiles ?? []).map { ("header profile", $0.name.description) })
    }
}
