import Facility
import PaymentCrypto
import Provisioning

/// What `aws payment-cryptography export-key` prints, and no member more.
struct WrappedKeyReport: Encodable {
    private let wrappedKey: WrappedKey

    private struct WrappedKey: Encodable {
        let keyCheckValue: String
        let keyCheckValueAlgorithm: String
        let keyMaterial: String
        let wrappedKeyMaterialFormat: String

        enum CodingKeys: String, CodingKey {
            case keyCheckValue = "KeyCheckValue"
            case keyCheckValueAlgorithm = "KeyCheckValueAlgorithm"
            case keyMaterial = "KeyMaterial"
            case wrappedKeyMaterialFormat = "WrappedKeyMaterialFormat"
        }
    }

    enum CodingKeys: String, CodingKey {
        case wrappedKey = "WrappedKey"
    }

    /// AWS shows 3 bytes of a check value, whatever its method.
    init(_ key: ExportedKey) {
        wrappedKey = WrappedKey(
            keyCheckValue: key.checkValue.prefix(3).description,
            keyCheckValueAlgorithm: key.checkValue.method.reportName, keyMaterial: key.material,
            wrappedKeyMaterialFormat: WrappedKeyFormat(key.transport).rawValue)
    }
}

extension ExportCarrier {
    /// Under what the key leaves, for people.
    var words: String {
        switch self {
        case .keyBlock(let wrapping): "under '\(wrapping.name)', KCV \(wrapping.checkValue)"
        case .token(let route, let signer):
            "in a TR-34 token (\(route.signer.profile.rawValue), \(route.nonce == nil ? "one pass" : "two passes"))"
                + " for \(Self.words(route.recipient)), signed by '\(signer.name)'"
        case .cryptogram(let route):
            "as a cryptogram (RSA-OAEP, \(route.hash.rawValue)) for \(Self.words(route.recipient))"
        }
    }

    private static func words(_ certificate: Certificate) -> String {
        "\(ShownText.line(certificate.subject)), serial number \(certificate.serialNumber)"
    }
}

extension KeyExport {
    /// What a person should know before the material is sent off; the audit log keeps it.
    var warnings: [Message] {
        switch carrier {
        case .keyBlock: return []
        case .token(let route, let signer):
            return Self.warnings(route.trust)
                + (route.signer.lacksRevocationList(signer)
                    ? [.noSignerRevocationList("the token carries", signer.name)] : [])
        case .cryptogram(let route):
            let wide = Message(
                "key '\(entry.name)' has exportability E, and a cryptogram carries no header that would keep it",
                severity: .warning, hint: "a key block or a TR-34 token does; a production site refuses this")
            return Self.warnings(route.trust) + (losesExportability ? [wide] : [])
        }
    }

    private static func warnings(_ trust: CertificateTrust) -> [Message] {
        guard case .unchecked = trust.revocation else { return [] }
        return [
            Message("no revocation list was looked at: the receiver's certificate may be revoked", severity: .warning)
        ]
    }
}

extension Message {
    /// Tokens of a form with room for a revocation list leave without one.
    static func noSignerRevocationList(_ tokensCarry: String, _ key: KeyName) -> Message {
        Message(
            "\(tokensCarry) no revocation list: there is none of the authority of the certificate of '\(key)'",
            severity: .warning, hint: "--kdh-crl names one")
    }
}

extension AuditEvent {
    /// Where a key goes: the wrapping key, or the receiver's certificate and who signs.
    mutating func add(_ route: ExportRoute, in keyring: Keyring) throws {
        add(fact: "transport", route.transport.rawValue)
        switch route {
        case .keyBlock(let name): add(try keyring.entry(name), as: "under")
        case .token(let token):
            add(fact: "profile", token.signer.profile.rawValue)
            add(token.recipient, token.trust)
        case .cryptogram(let cryptogram):
            add(fact: "hash", cryptogram.hash.rawValue)
            add(cryptogram.recipient, cryptogram.trust)
        }
    }

    private mutating func add(_ recipient: Certificate, _ trust: CertificateTrust) {
        add(fact: "certificate", "\(recipient.sha256)")
        add(fact: "subject", ShownText.line(recipient.subject))
        if case .unchecked = trust.revocation { add(fact: "crl", "not checked") }
    }
}
