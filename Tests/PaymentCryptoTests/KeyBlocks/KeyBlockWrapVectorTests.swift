import Testing

@_spi(Engine) @testable import PaymentCrypto

/// Every row of tr31.json whose version can be made and whose key is TDES or AES, made again from its parts.
@Suite("Key blocks of the vector files, made again")
struct KeyBlockWrapVectorTests {
    struct Row: Decodable {
        struct Header: Decodable {
            let algorithm: String
        }

        let id, version, kbpk, keyBlock, headerAndOptions, key, pad: String
        let kbek, kbak: String?
        let header: Header

        var keyBlockVersion: KeyBlockVersion? { version.first.flatMap(KeyBlockVersion.init) }

        /// The key inside; nil where it is neither TDES nor AES, or has no usual length.
        var keyAlgorithm: KeyAlgorithm? {
            guard header.algorithm == "T" || header.algorithm == "A" else { return nil }
            return KeyAlgorithm(isTDES: header.algorithm == "T", byteCount: key.count / 2)
        }
    }

    /// Their padding is longer than any maker needs; that they open is shown elsewhere.
    private static let overlong: Set = ["tr31-pub-175", "tr31-pub-176"]

    @Test("header, key and padding give the key block", arguments: VectorFile.all("tr31.json"))
    func made(file: VectorFile) throws {
        let rows: [Row] = try file.rows()
        var counts: [String: Int] = [:]
        for row in rows where !Self.overlong.contains(row.id) {
            guard let version = row.keyBlockVersion, version.canBeMade, let algorithm = row.keyAlgorithm else {
                continue
            }
            let text = try make(row, version, algorithm)
            // One vendor's blocks are in lower case behind the header; ours never are.
            let body = row.keyBlock.dropFirst(row.headerAndOptions.count).uppercased()
            #expect(text == row.headerAndOptions + body, "\(row.id)")
            counts[row.version, default: 0] += 1
        }
        #expect(counts["B", default: 0] >= 49)
        #expect(counts["D", default: 0] >= 82)
        #expect(counts["E", default: 0] >= 26)
    }

    private func make(_ row: Row, _ version: KeyBlockVersion, _ algorithm: KeyAlgorithm) throws -> String {
        let padding = try #require(Hexadecimal.bytes(row.pad), "\(row.id)")
        let payloads = [true, false].map { KeyBlockPayload(algorithm, version: version, lengthObfuscation: $0) }
        let payload = try #require(
            payloads.first { $0.byteCount == 2 + algorithm.byteCount + padding.count }, "\(row.id)")
        let keys = KeyColumn(algorithm: algorithm, capacity: 1)
        keys.append(try SymmetricKey.test(row.key, isTDES: algorithm.isTDES))
        let kbpk = try SymmetricKey.test(row.kbpk, isTDES: version.isTDES)
        return try KeyBlock.complete(
            Array(row.headerAndOptions.utf8), keys: keys,
            ciphers: KeyBlockCiphers(kbpk, version: version, engine: OpenSSLEngine()), payload: payload,
            random: FixedPadding(padding))
    }

    @Test("the protection key gives the two working keys, in every version", arguments: VectorFile.all("tr31.json"))
    func workingKeys(file: VectorFile) throws {
        let rows: [Row] = try file.rows()
        var versions: Set<String> = []
        for row in rows {
            guard let version = row.keyBlockVersion, let kbek = row.kbek, let kbak = row.kbak else { continue }
            let kbpk = try SymmetricKey.test(row.kbpk, isTDES: version.isTDES)
            let purpose: KeyDerivation.Purpose = version == .e ? .counterModeEncryption : .encryption
            let encryption = try KeyDerivation.key(purpose, from: kbpk, version, OpenSSLEngine())
            let authentication = try KeyDerivation.key(.authentication, from: kbpk, version, OpenSSLEngine())
            #expect(encryption.bytes.hexadecimal() == kbek.uppercased(), "\(row.id)")
            #expect(authentication.bytes.hexadecimal() == kbak.uppercased(), "\(row.id)")
            versions.insert(row.version)
        }
        #expect(versions == ["A", "B", "C", "D", "E"])
    }
}
