import Testing

@testable import PaymentCrypto

@Suite("RSA private keys in key blocks")
struct PrivateKeyBlockTests {
    private let master = KeyBlockProtection(SymmetricKey.seeded(.aes256, 11))

    private static let signing = KeyBlockHeader(
        version: .d, keyUsage: .digitalSignature, algorithm: .rsa, modeOfUse: ModeOfUse("S"))
    private static let receiving = KeyBlockHeader(
        version: .d, keyUsage: .tr34KeyPair, algorithm: .rsa, modeOfUse: ModeOfUse("D"))

    @Test("there and back, every size and both usages", arguments: RSAKeySize.allCases, [signing, receiving])
    func roundTrips(size: RSAKeySize, header: KeyBlockHeader) throws {
        let rows: [RSAVectorKey] = try VectorFile.own("rsa-keys.json").rows()
        let row = try #require(rows.first { $0.bits == size.bitCount })
        let key = try row.privateKey()
        let block = try KeyBlock.wrap(key, header: header, under: master)
        let found = try KeyBlock.open(block, under: master)
        #expect(found.header == header)
        let opened = try found.takePrivateKey()
        let encoded = try opened.encoded()
        #expect(encoded.hexadecimal() == row.privateKeyPkcs8Der)
        let signature = try SigningKey(opened).sign([1, 2, 3])
        let isRight = try key.publicKey.verifies(signature, of: [1, 2, 3])
        #expect(isRight)
    }

    @Test("a fresh key survives, and its block is another one every time")
    func freshKey() throws {
        let key = try RSAPrivateKey.generate(.rsa2048)
        let blocks = try (1...2).map { _ in try KeyBlock.wrap(key, header: Self.signing, under: master) }
        // By their padding, which a key that fills whole blocks has none of (two bytes of length go before it).
        let encoded = try key.encoded().hexadecimal()
        #expect((blocks[0] == blocks[1]) == (encoded.count / 2 + 2).isMultiple(of: 16))
        let opened = try KeyBlock.open(blocks[0], under: master).takePrivateKey()
        let isSame = opened.publicKey == key.publicKey
        #expect(isSame)
    }

    @Test("only version D and algorithm R under AES")
    func refusals() throws {
        let key = try RSAPrivateKey.generate(.rsa2048)
        var header = Self.signing
        header.version = .e
        #expect(throws: KeyBlockError.unsuitablePrivateKeyHeader(version: .e, algorithm: .rsa)) {
            try KeyBlock.wrap(key, header: header, under: master)
        }
        header = Self.signing
        header.algorithm = .aes
        #expect(throws: KeyBlockError.unsuitablePrivateKeyHeader(version: .d, algorithm: .aes)) {
            try KeyBlock.wrap(key, header: header, under: master)
        }
        #expect(throws: KeyBlockError.unsuitableProtectionKey(version: .d, found: .tdes3Key)) {
            try KeyBlock.wrap(
                key, header: Self.signing, under: KeyBlockProtection(SymmetricKey.seeded(.tdes3Key, 1)))
        }
        let secret = try KeyBlock.wrap(
            SymmetricKey.seeded(.aes128, 2),
            header: KeyBlockHeader(version: .d, keyUsage: .keyEncryption, algorithm: .aes), under: master)
        #expect(throws: KeyBlockError.notPrivateKey(algorithm: .aes)) {
            _ = try KeyBlock.open(secret, under: master).takePrivateKey()
        }
    }

    @Test("an encoding with anything wrong is no key: cut, longer, of another modulus or exponent")
    func damage() throws {
        let rows: [RSAVectorKey] = try VectorFile.own("rsa-keys.json").rows()
        let row = try #require(rows.first)
        let bytes = try #require(Hexadecimal.bytes(row.privateKeyPkcs8Der))
        func isKey(_ bytes: [UInt8]) throws -> Bool {
            // A value that cannot be copied cannot be compared with nil in one expression.
            if try RSAPrivateKey.decode(.test(bytes)) != nil { return true }
            return false
        }
        #expect(try isKey(bytes))
        for count in Array(1..<60) + stride(from: 60, to: bytes.count, by: 29) + [bytes.count - 1] {
            #expect(try !isKey(Array(bytes.prefix(count))), "cut to \(count) bytes")
        }
        #expect(try !isKey(bytes + [0]))
        // Every byte in front of the modulus, then one of the modulus itself, then the public exponent.
        for position in Array(0..<37) + [150, 294] {
            var changed = bytes
            changed[position] ^= 0x04
            #expect(try !isKey(changed), "changed at \(position)")
        }
    }
}
