import Facility
import PaymentCrypto

/// What can be seen of a token or a cryptogram without the device's private key.
struct CarrierRules: Sendable {
    /// Who signed the tokens; nil for cryptograms.
    private let tokens: TokenRules?

    /// Nil for key blocks.
    init?(_ record: RunRecord, _ plan: RunPlan, _ keyring: Keyring) {
        switch plan.transport {
        case .tr31: return nil
        case .tr34: tokens = TokenRules(record, plan.headers, keyring)
        case .rsaOAEP: tokens = nil
        }
    }

    /// What could not be looked at, in words.
    var notice: String? { tokens?.notice }

    /// What is wrong with what a device has; nil where nothing is.
    func fault(_ device: VerificationChunk.Device, _ keys: RunKeys) -> String? {
        let text = device.material
        let isUpperCase = text.allSatisfy { Hexadecimal.value(of: $0) != nil && $0 < UInt8(ascii: "a") }
        guard isUpperCase, text.count.isMultiple(of: 2) else { return "expected upper-case hexadecimal digits" }
        guard let tokens else { return Self.cryptogramFault(byteCount: text.count / 2) }
        return tokens.fault(Array(text), device, algorithm: keys.baseKeys[device.baseKey].algorithm)
    }

    /// As long as the modulus of an RSA key of a device may be.
    private static func cryptogramFault(byteCount: Int) -> String? {
        RSAKeySize(bitCount: byteCount * 8) != nil
            ? nil : "expected a cryptogram of 256, 384 or 512 bytes, found \(byteCount)"
    }
}

/// What a run's tokens have in common.
private struct TokenRules: Sendable {
    private let profile: TR34Profile?
    private let headers: [InitialKeyHeader]
    private let signer: Signer

    private enum Signer: Sendable {
        case certificate(Certificate)
        /// Whose certificate is another one by now.
        case key(RSAPublicKey)
        case unknown(name: String)
    }

    init(_ record: RunRecord, _ headers: [InitialKeyHeader], _ keyring: Keyring) {
        profile = record.tr34Profile.flatMap { TR34Profile(rawValue: $0) }
        self.headers = headers
        let certificates = keyring.rsaKeys.flatMap(\.chain)
        if let certificate = certificates.first(where: { $0.sha256.description == record.kdh?.certificateSha256 }) {
            signer = .certificate(certificate)
        } else if let entry = keyring.rsaKeys.first(where: { $0.name.description == record.kdh?.name }) {
            signer = .key(entry.publicKey)
        } else {
            signer = .unknown(name: record.kdh?.name ?? "")
        }
    }

    var notice: String? {
        switch signer {
        case .certificate: nil
        case .key: "the signer's certificate is another one by now: signatures are checked by its key"
        case .unknown(let name):
            "key \(TextExcerpt(name)) is not in the keyring any more: the signatures of tokens are not checked"
        }
    }

    func fault(_ text: [UInt8], _ device: VerificationChunk.Device, algorithm: KeyAlgorithm) -> String? {
        do throws(TR34Error) {
            let token = try UnverifiedTR34Token(text)
            guard token.profile == profile else {
                return
                    "expected a token in the form \(profile?.rawValue ?? "of run.json"), found \(token.profile.rawValue)"
            }
            switch signer {
            case .certificate(let certificate): try TR34.verifySignature(token, sender: certificate)
            case .key(let key): try TR34.verifySignature(token, by: key)
            case .unknown: break
            }
            let number = InitialKeySerialNumber(family: DUKPTFamily(algorithm), leading: device.serialNumber)
            return InitialKeyHeader.difference(token.header, from: headers, algorithm: algorithm, serialNumber: number)
                .map { "header: \($0)" }
        } catch {
            return "\(error)"
        }
    }
}
