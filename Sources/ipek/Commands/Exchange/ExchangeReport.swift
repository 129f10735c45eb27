import Facility
import PaymentCrypto

/// An exchange as it is shown.
struct ExchangeReport: Encodable {
    let token: String
    let direction: String
    let material: String
    let algorithm: String
    let created: String
    let validUntil: String
    let state: String
    let parameters: ExchangeParameters
    private let certificates: [Certificate]

    enum CodingKeys: String, CodingKey {
        case token, direction, material, algorithm, created, state, parameters
        case validUntil = "valid_until"
    }

    /// Nil for a key of no exchange.
    init?(_ entry: RSAKeyEntry, at now: Moment) {
        guard let exchange = entry.exchange else { return nil }
        token = entry.name.description
        direction = exchange.direction.rawValue
        material = exchange.material.rawValue
        algorithm = entry.size.rawValue
        created = entry.created
        validUntil = exchange.expires.description
        let isRetired = entry.annotations.retirement != nil
        state = exchange.isOver(at: now) ? "over" : isRetired ? "retired" : "open"
        parameters = ExchangeParameters(entry, exchange)
        certificates = entry.chain
    }

    /// Facts for people, then the certificates, which other programs find among them.
    var text: String {
        let facts = Columns.facts(
            [
                ("token", token), ("direction", direction), ("material", material), ("algorithm", algorithm),
                ("valid until", validUntil),
            ] + (parameters.nonce.map { [("nonce", $0)] } ?? []))
        return facts + "\n\n" + certificates.map(\.pem).joined()
    }

    static let heading = ["TOKEN", "DIRECTION", "MATERIAL", "ALGORITHM", "CREATED", "VALID UNTIL", "STATE"]

    /// The cells of a row under the heading.
    var listRow: [String] { [token, direction, material, algorithm, created, validUntil, state] }
}

/// What AWS Payment Cryptography's get-parameters-for-export and get-parameters-for-import print.
struct ExchangeParameters: Encodable {
    private var exportToken: String?
    private var signingKeyAlgorithm: String?
    private var signingKeyCertificate: String?
    private var signingKeyCertificateChain: String?
    private var importToken: String?
    private var wrappingKeyAlgorithm: String?
    private var wrappingKeyCertificate: String?
    private var wrappingKeyCertificateChain: String?
    /// Not AWS's: the number that a two-pass token brings back.
    let nonce: String?
    private let validUntil: String

    enum CodingKeys: String, CodingKey {
        case exportToken = "ExportToken"
        case signingKeyAlgorithm = "SigningKeyAlgorithm"
        case signingKeyCertificate = "SigningKeyCertificate"
        case signingKeyCertificateChain = "SigningKeyCertificateChain"
        case importToken = "ImportToken"
        case wrappingKeyAlgorithm = "WrappingKeyAlgorithm"
        case wrappingKeyCertificate = "WrappingKeyCertificate"
        case wrappingKeyCertificateChain = "WrappingKeyCertificateChain"
        case nonce = "RandomNonce"
        case validUntil = "ParametersValidUntilTimestamp"
    }

    init(_ entry: RSAKeyEntry, _ exchange: Exchange) {
        validUntil = exchange.expires.description
        nonce = exchange.nonce
        let (token, algorithm) = (entry.name.description, entry.size.reportName)
        let certificate = PEMText.base64(entry.chain.prefix(1))
        let chain = PEMText.base64(entry.chain.dropFirst())
        switch exchange.direction {
        case .export:
            (exportToken, signingKeyAlgorithm) = (token, algorithm)
            (signingKeyCertificate, signingKeyCertificateChain) = (certificate, chain)
        case .import:
            (importToken, wrappingKeyAlgorithm) = (token, algorithm)
            (wrappingKeyCertificate, wrappingKeyCertificateChain) = (certificate, chain)
        }
    }
}
