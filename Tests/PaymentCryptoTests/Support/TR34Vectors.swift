import Foundation

@testable import PaymentCrypto

/// The tokens, certificates and private keys under Tests/Vectors/tr34.
enum TR34Vectors {
    struct Index: Decodable {
        let accept: [Accepted]
        let reject: [Refused]
    }

    struct Accepted: Decodable, Sendable, CustomStringConvertible {
        let file, profile, krd, header, kcv, clearKey: String
        let nonce: String?

        var description: String { file }
    }

    struct Refused: Decodable {
        let file, why: String
        let krd, kdh: String?
    }

    struct Broken: Error {}

    /// Certificates and lists are valid then.
    static let time = Moment(year: 2026, month: 12, day: 1) ?? Moment(secondsSince1970: 0)
    /// The nonce of the tokens that are refused.
    static let nonce = TR34Nonce("A1B2C3D4E5F60718")

    static func index() throws -> Index {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Index.self, from: Data(bytes("index.json")))
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: VectorFile.own("tr34").url.appendingPathComponent(path)))
    }

    static func token(_ path: String) throws -> UnverifiedTR34Token { try UnverifiedTR34Token(bytes(path)) }

    static func certificate(_ name: String) throws -> Certificate {
        guard let certificate = try Certificate.bundle(bytes("pki/\(name).crt")).first else { throw Broken() }
        return certificate
    }

    static func privateKey(_ name: String) throws -> RSAPrivateKey {
        let der = try PEM.parts("PRIVATE KEY", in: bytes("pki/\(name).key"))?.first ?? []
        let encoded = SecretBytes(count: der.count) { $0.copyBytes(from: der) }
        guard let key = try RSAPrivateKey.decode(encoded) else { throw Broken() }
        return key
    }

    static func revocationList(_ name: String) throws -> CertificateRevocationList {
        guard let der = try PEM.parts("X509 CRL", in: bytes("pki/\(name).crl"))?.first else { throw Broken() }
        return try CertificateRevocationList(der: der)
    }

    /// A sender with the key of these vectors.
    static func sender(_ profile: TR34Profile) throws -> TR34Sender {
        try TR34Sender(
            profile: profile, signingKey: SigningKey(privateKey("kdh")), certificate: certificate("kdh"),
            revocationList: profile.carriesRevocationList ? revocationList("ca_kdh") : nil)
    }
}
