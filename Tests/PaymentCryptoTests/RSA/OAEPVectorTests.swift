import Testing

@testable import PaymentCrypto

@Suite("RSA-OAEP vectors")
struct OAEPVectorTests {
    private static let files = zip(VectorFile.all("rsa-oaep.json"), VectorFile.all("rsa-keys.json"))
        .map { ($0, $1) }

    @Test("decryption: the plaintext, or nothing", arguments: files)
    func decryption(vectors: VectorFile, keys: VectorFile) throws {
        let rows: [OAEPVector] = try vectors.rows()
        let keys = try RSAVectorKey.decryptionKeys(keys)
        #expect(rows.count == 115 || rows.count == 215)
        for row in rows {
            let ciphertext = try #require(Hexadecimal.bytes(row.ciphertext))
            let key = try #require(keys[row.keyId])
            let hash = try #require(row.hash)
            let found = try key.decrypt(ciphertext, hash: hash)?.hexadecimal()
            #expect(found == (row.isToOpen ? row.plaintext : nil), "\(row)")
        }
    }

    @Test("cryptograms: the key, or the error that belongs to it", arguments: files)
    func cryptograms(vectors: VectorFile, keys: VectorFile) throws {
        let rows: [OAEPVector] = try vectors.rows()
        let keys = try RSAVectorKey.decryptionKeys(keys)
        var opened = 0
        for row in rows {
            let cryptogram = try #require(Hexadecimal.bytes(row.ciphertext))
            let key = try #require(keys[row.keyId])
            let algorithm = row.algorithm ?? .tdes2Key
            let hash = try #require(row.hash)
            if let expected = Self.fault(row, cryptogram, algorithm) {
                #expect(throws: expected, "\(row)") {
                    _ = try KeyCryptogram.open(cryptogram, with: key, hash: hash, as: algorithm)
                }
                continue
            }
            let found = try KeyCryptogram.open(cryptogram, with: key, hash: hash, as: algorithm)
            #expect(found.bytes.hexadecimal() == row.plaintext, "\(row)")
            opened += 1
        }
        #expect(opened >= 20)
    }

    private static func fault(
        _ row: OAEPVector, _ cryptogram: [UInt8], _ algorithm: KeyAlgorithm
    ) -> KeyCryptogramError? {
        if algorithm == .aes192 || algorithm == .aes256 { return .notCarried(algorithm) }
        if cryptogram.count != row.bits / 8 { return .wrongLength(expected: row.bits / 8, found: cryptogram.count) }
        let isKey = row.isToOpen && row.plaintext?.count == 2 * algorithm.byteCount
        return isKey ? nil : .wrongKeyOrAltered(algorithm)
    }

    @Test("the public keys and certificates of the vectors are read")
    func publicKeys() throws {
        let rows: [RSAVectorKey] = try VectorFile.own("rsa-keys.json").rows()
        for row in rows {
            let key = try RSAPublicKey(subjectPublicKeyInfo: Hexadecimal.bytes(row.spkiDer) ?? [])
            #expect(key.bitCount == row.bits)
            let belongs = try row.privateKey().publicKey == key
            #expect(belongs)
            let certificates = try Certificate.bundle(Array((row.certificatePem ?? "").utf8))
            #expect(certificates.map(\.publicKey) == [key])
            #expect(certificates.first?.pem == row.certificatePem)
        }
    }
}
