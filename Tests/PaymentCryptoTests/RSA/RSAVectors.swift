import Testing

@testable import PaymentCrypto

/// The keys of the RSA-OAEP vectors.
struct RSAVectorKey: Decodable {
    let keyId: String
    let bits: Int
    let privateKeyPkcs8Der: String
    let spkiDer: String
    let certificatePem: String?

    struct NotRead: Error {}

    func privateKey() throws -> RSAPrivateKey {
        let bytes = try #require(Hexadecimal.bytes(privateKeyPkcs8Der))
        guard let key = try RSAPrivateKey.decode(.test(bytes)) else { throw NotRead() }
        return key
    }

    /// All keys of a file, by their names, ready to receive.
    static func decryptionKeys(_ file: VectorFile) throws -> [String: DecryptionKey] {
        let rows: [RSAVectorKey] = try file.rows()
        return try Dictionary(uniqueKeysWithValues: rows.map { ($0.keyId, DecryptionKey(try $0.privateKey())) })
    }
}

/// One RSA-OAEP vector.
struct OAEPVector: Decodable, CustomStringConvertible {
    let id: String
    let keyId: String
    let bits: Int
    let expect: String
    let why: String
    let oaepHash: String
    let mgf1Hash: String
    let label: String
    let ciphertext: String
    let plaintext: String?
    let keyType: String?
    let awsKeyCryptogramAllows: Bool?

    var description: String { "\(id): \(why)" }

    /// The label is always empty here: a cryptogram with another one has to be refused.
    var isToOpen: Bool { expect == "accept" && label.isEmpty }

    var hash: OAEPHash? {
        guard oaepHash == mgf1Hash else { return nil }
        return ["SHA-256": .sha256, "SHA-512": .sha512][oaepHash]
    }

    var algorithm: KeyAlgorithm? {
        keyType.flatMap { KeyAlgorithm(rawValue: $0.lowercased().replacing("_", with: "-")) }
    }
}
