import PaymentCrypto

/// The clear parts of a TR-34 token, as text and as JSON.
struct TokenInspectReport: Encodable {
    private let format = WrappedKeyFormat.token.rawValue
    private let profile: String
    private let passes: Int
    private let nonce: String?
    private let signingTime: String?
    private let signer: Party
    private let recipient: Party
    private let header: [String: InspectReport.Field]
    private let headerText: String
    private let optionalBlocks: [InspectReport.Block]
    private let contentCipher: String
    private let initialisationVector: String
    private let encryptedContentByteCount: Int
    private let encryptedKeyByteCount: Int
    private let oaepParameters: String
    // No token with any other hash or label is read at all.
    private let oaepHash = "SHA-256"
    private let oaepMaskHash = "SHA-256"
    private let oaepLabel = ""
    private let version: Int
    private let signatureAlgorithm: String
    private let signatureByteCount: Int
    private let messageDigest: String
    private let revocationLists: [RevocationList]
    private let certificates: [String]
    private let sha256: String
    private let findings: [String]

    /// For people, in the order in which they ask.
    let text: String

    struct Party: Encodable {
        let issuer: String
        let serialNumber: String

        enum CodingKeys: String, CodingKey {
            case issuer
            case serialNumber = "serial_number"
        }
    }

    struct RevocationList: Encodable {
        let issuer: String
        let thisUpdate: String
        let nextUpdate: String

        enum CodingKeys: String, CodingKey {
            case issuer
            case thisUpdate = "this_update"
            case nextUpdate = "next_update"
        }
    }

    enum CodingKeys: String, CodingKey {
        case format, profile, passes, nonce, signer, recipient, header, certificates, sha256, findings
        case signingTime = "signing_time"
        case headerText = "header_text"
        case optionalBlocks = "optional_blocks"
        case contentCipher = "content_cipher"
        case initialisationVector = "initialisation_vector"
        case encryptedContentByteCount = "encrypted_content_bytes"
        case encryptedKeyByteCount = "encrypted_key_bytes"
        case oaepParameters = "oaep_parameters"
        case oaepHash = "oaep_hash"
        case oaepMaskHash = "oaep_mgf1_hash"
        case oaepLabel = "oaep_label"
        case version = "signed_data_version"
        case signatureAlgorithm = "signature_algorithm"
        case signatureByteCount = "signature_bytes"
        case messageDigest = "message_digest"
        case revocationLists = "revocation_lists"
    }

    init(_ token: UnverifiedTR34Token) {
        profile = token.profile.rawValue
        if case .nonce(let nonce) = token.freshness { self.nonce = "\(nonce)" } else { nonce = nil }
        passes = nonce == nil ? 1 : 2
        signingTime = token.signingTime.map { "\($0)" }
        signer = Party(token.signer)
        recipient = Party(token.recipient)
        let fields = KeyBlockInspection.fields(of: token.header)
        header = Dictionary(
            fields.map { ($0.name, InspectReport.Field(code: $0.code, meaning: $0.meaning)) }, uniquingKeysWith: { $1 })
        headerText = token.headerText
        let blocks = KeyBlockInspection.items(of: token.header.optionalBlocks)
        optionalBlocks = blocks.map {
            InspectReport.Block(id: $0.name, title: $0.title, data: $0.code, meaning: $0.meaning)
        }
        contentCipher = "\(token.contentCipher)"
        initialisationVector = Hexadecimal.text(token.initialisationVector)
        (encryptedContentByteCount, encryptedKeyByteCount) =
            (token.encryptedContentByteCount, token.encryptedKeyByteCount)
        oaepParameters = token.hasTaggedParameters ? "tagged" : "untagged"
        (version, signatureAlgorithm) = (Int(token.version), token.signatureAlgorithm.rawValue)
        signatureByteCount = token.signatureByteCount
        messageDigest = Self.digits(token.messageDigest)
        revocationLists = token.revocationLists.map(RevocationList.init)
        certificates = token.certificates.map { ShownText.line($0.subject) }
        sha256 = "\(token.digest)"
        findings = token.deviations.map { "\($0)" }
        text = Self.text(token, fields, blocks)
    }

    private static func text(
        _ token: UnverifiedTR34Token, _ fields: [KeyBlockInspection.Item], _ blocks: [KeyBlockInspection.Item]
    ) -> String {
        let frame = [
            ["form", token.profile.rawValue, "TR-34 token, signature not verified"],
            ["SignedData", "\(token.version)", "version, not signed"], freshness(token.freshness),
            ["signer (KDH)", token.signer.serialNumber, ShownText.line(token.signer.issuer)],
            ["recipient (KRD)", token.recipient.serialNumber, ShownText.line(token.recipient.issuer)],
        ]
        let header =
            fields.map { [$0.title, $0.code, $0.meaning] }
            + blocks.map { ["optional block", $0.name, "\($0.title): \($0.meaning)"] }
            + [["header as written", "", token.headerText]]
        let rest =
            sealed(token)
            + token.revocationLists.map {
                ["revocation list", "", "of \(ShownText.line($0.issuer)), \($0.thisUpdate)"]
            }
            + token.certificates.map { ["certificate", $0.serialNumber, "\(ShownText.line($0.subject)), not trusted"] }
            + [["SHA-256", "", "\(token.digest)"]]
        let table = Columns.table(frame + header + rest)
        let findings = token.deviations.map { "note: \($0)" }
        return findings.isEmpty ? table : table + "\n\n" + findings.joined(separator: "\n")
    }

    /// What is encrypted, and what is signed over it.
    private static func sealed(_ token: UnverifiedTR34Token) -> [[String]] {
        let form = token.hasTaggedParameters ? "tagged" : "untagged"
        return [
            ["encrypted key", "", "\(token.encryptedContentByteCount) bytes, \(token.contentCipher)"],
            ["initialisation vector", "", Hexadecimal.text(token.initialisationVector)],
            ["content key", "", "\(token.encryptedKeyByteCount) bytes under RSA-OAEP"],
            ["OAEP parameters", form, "SHA-256, MGF1 with SHA-256, empty label"],
            ["message digest", "", digits(token.messageDigest)],
            ["signature", "", "\(token.signatureByteCount) bytes, \(token.signatureAlgorithm), not verified"],
        ]
    }

    /// As a digest is shown.
    private static func digits(_ digest: [UInt8]) -> String { Hexadecimal.text(digest).lowercased() }

    private static func freshness(_ freshness: TR34Freshness) -> [String] {
        switch freshness {
        case .nonce(let nonce): ["nonce", "\(nonce)", "two passes"]
        case .signingTime(let time): ["signing time", "\(time)", "one pass"]
        }
    }
}

extension TokenInspectReport.Party {
    fileprivate init(_ party: TR34Party) {
        (issuer, serialNumber) = (ShownText.line(party.issuer), party.serialNumber)
    }
}

extension TokenInspectReport.RevocationList {
    fileprivate init(_ list: CertificateRevocationList) {
        issuer = ShownText.line(list.issuer)
        (thisUpdate, nextUpdate) = ("\(list.thisUpdate)", "\(list.nextUpdate)")
    }
}
