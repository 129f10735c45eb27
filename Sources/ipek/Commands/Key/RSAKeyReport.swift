import Facility
import PaymentCrypto

/// An RSA key of the keyring as it is shown: everything but the private half.
struct RSAKeyReport: Encodable {
    let name: String
    let usage: String
    let algorithm: String
    let publicKey: String
    let origin: String
    let created: String
    let token: String?
    let certificate: CertificateReport?
    let exchange: Exchange?
    let tags: [String: String]?
    let retired: Retirement?
    private let isRemoved: Bool
    private let modeOfUse: String

    struct Exchange: Encodable {
        let direction: String
        let material: String
        let validUntil: String

        enum CodingKeys: String, CodingKey {
            case direction, material
            case validUntil = "valid_until"
        }
    }

    enum CodingKeys: String, CodingKey {
        case name, usage, algorithm, origin, created, token, certificate, exchange, tags, retired
        case publicKey = "public_key_sha256"
    }

    init(_ entry: RSAKeyEntry) {
        name = entry.name.description
        usage = entry.usage.rawValue
        algorithm = entry.size.rawValue
        publicKey = entry.publicKeyDigest?.description ?? ""
        origin = entry.origin
        created = entry.created
        if case .token(let uri) = entry.place { token = uri } else { token = nil }
        modeOfUse = entry.usage.header.modeOfUse.description
        isRemoved = entry.place == .removed
        certificate = entry.certificate.map {
            CertificateReport($0, issuedHere: entry.isIssuedByOwnAuthority)
        }
        exchange = entry.exchange.map {
            Exchange(
                direction: $0.direction.rawValue, material: $0.material.rawValue, validUntil: $0.expires.description)
        }
        tags = entry.annotations.tags.isEmpty ? nil : entry.annotations.tags
        retired = entry.annotations.retirement
    }

    var text: String {
        Columns.facts(
            [
                ("name", name), ("usage", usage), ("algorithm", algorithm), ("public key", "SHA-256 \(publicKey)"),
                ("origin", origin), ("created", created),
            ] + (token.map { [("in token", $0)] } ?? [])
                + (exchange.map { [("exchange", "\($0.direction) of \($0.material), until \($0.validUntil)")] } ?? [])
                + (isRemoved ? [("private key", "removed, since the exchange is over")] : [])
                + (certificate?.facts ?? [])
                + TagReport.lines(tags).map { ("tag", $0) }
                + (retired.map { [("retired", "\($0.date): \($0.reason)")] } ?? []))
    }

    /// The cells of a row under `KeyListCommand.heading`.
    var listRow: [String] {
        let state = isRemoved ? "over" : "in use"
        return [
            name, usage, algorithm, modeOfUse, "N", "-", created, origin, retired == nil ? state : "retired",
            TagReport.lines(tags).joined(separator: " "),
        ]
    }
}

/// What a certificate says, for people and as JSON.
struct CertificateReport: Encodable {
    let subject: String
    let issuer: String
    let serialNumber: String
    let notBefore: String
    let notAfter: String
    let sha256: String
    let issuedHere: Bool?

    enum CodingKeys: String, CodingKey {
        case subject, issuer, sha256
        case serialNumber = "serial_number"
        case notBefore = "not_before"
        case notAfter = "not_after"
        case issuedHere = "own_authority"
    }

    init(_ certificate: Certificate, issuedHere: Bool? = nil) {
        subject = certificate.subject
        issuer = certificate.issuer
        serialNumber = certificate.serialNumber
        notBefore = certificate.notBefore.description
        notAfter = certificate.notAfter.description
        sha256 = certificate.sha256.description
        self.issuedHere = issuedHere
    }

    var facts: [(name: String, value: String)] {
        [
            ("certificate", subject),
            ("issuer", issuedHere == true ? "\(issuer) (the site's own CA)" : issuer),
            ("serial number", serialNumber), ("valid", "\(notBefore) to \(notAfter)"), ("SHA-256", sha256),
        ]
    }
}

/// A trusted CA as it is shown.
struct AnchorReport: Encodable {
    let name: String
    let role: String
    let certificate: CertificateReport
    let intermediates: [CertificateReport]?
    let created: String
    let tags: [String: String]?
    let retired: Retirement?

    init(_ anchor: TrustAnchor) {
        name = anchor.name.description
        role = anchor.role.rawValue
        certificate = CertificateReport(anchor.certificate)
        intermediates = anchor.intermediates.isEmpty ? nil : anchor.intermediates.map { CertificateReport($0) }
        created = anchor.created
        tags = anchor.annotations.tags.isEmpty ? nil : anchor.annotations.tags
        retired = anchor.annotations.retirement
    }

    var text: String {
        Columns.facts(
            [("name", name), ("trusted for", role == "krd" ? "krd (receivers of keys)" : "kdh (senders of keys)")]
                + certificate.facts + (intermediates ?? []).map { ("intermediate", $0.subject) } + [
                    ("enrolled", created)
                ]
                + TagReport.lines(tags).map { ("tag", $0) }
                + (retired.map { [("retired", "\($0.date): \($0.reason)")] } ?? []))
    }

    /// The cells of a row under `heading`.
    var listRow: [String] {
        [name, role, retired == nil ? "in use" : "retired", certificate.notAfter, certificate.subject]
    }

    static let heading = ["TRUST ANCHOR", "ROLE", "STATE", "VALID UNTIL", "SUBJECT"]
}

/// Tags in the order of their names.
enum TagReport {
    static func lines(_ tags: [String: String]?) -> [String] {
        (tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
}
