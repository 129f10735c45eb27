import Testing

@testable import PaymentCrypto

@Suite("Key cryptograms")
struct KeyCryptogramTests {
    /// What may travel under RSA: TDES under 2048 bits and up, AES-128 under 3072 and up, nothing larger.
    private static let table: [(KeyAlgorithm, [Bool])] = [
        (.tdes2Key, [true, true, true]), (.tdes3Key, [true, true, true]), (.aes128, [false, true, true]),
        (.aes192, [false, false, false]), (.aes256, [false, false, false]),
    ]

    @Test("every algorithm under every size, there and back", arguments: OAEPHash.allCases)
    func roundTrips(hash: OAEPHash) throws {
        let keys = try RSAVectorKey.decryptionKeys(.own("rsa-keys.json"))
        for (algorithm, permissions) in Self.table {
            for (bitCount, isPermitted) in zip([2048, 3072, 4096], permissions) {
                let receiver = try #require(keys["rsa-pub-\(bitCount)"])
                #expect(KeyStrength.permits(wrapping: algorithm, underRSA: bitCount) == isPermitted)
                let key = SymmetricKey.seeded(algorithm, 7)
                guard isPermitted else {
                    #expect(throws: KeyCryptogramError.weakerKey(wrapped: algorithm, bitCount: bitCount)) {
                        try KeyCryptogram.wrap(key, under: receiver.publicKey, hash: hash)
                    }
                    continue
                }
                let cryptogram = try KeyCryptogram.wrap(key, under: receiver.publicKey, hash: hash)
                #expect(cryptogram.count == bitCount / 8)
                let found = try KeyCryptogram.open(cryptogram, with: receiver, hash: hash, as: algorithm)
                let isSame = found.isEqual(to: key)
                #expect(isSame)
            }
        }
    }

    @Test("a cryptogram is another one every time")
    func freshness() throws {
        let key = SymmetricKey.seeded(.tdes2Key, 8)
        let receiver = try RSAPrivateKey.generate(.rsa2048).publicKey
        let first = try KeyCryptogram.wrap(key, under: receiver, hash: .sha256)
        #expect(try KeyCryptogram.wrap(key, under: receiver, hash: .sha256) != first)
    }

    @Test("one answer to a changed bit, another key, another hash and another length of key")
    func refusals() throws {
        let receiver = DecryptionKey(try RSAPrivateKey.generate(.rsa2048))
        let other = DecryptionKey(try RSAPrivateKey.generate(.rsa2048))
        let key = SymmetricKey.seeded(.tdes2Key, 9)
        let cryptogram = try KeyCryptogram.wrap(key, under: receiver.publicKey, hash: .sha256)
        var changed = cryptogram
        changed[200] ^= 0x10
        let cases: [([UInt8], DecryptionKey, OAEPHash)] = [
            (changed, receiver, .sha256), (cryptogram, other, .sha256), (cryptogram, receiver, .sha512),
        ]
        for (cryptogram, key, hash) in cases {
            #expect(throws: KeyCryptogramError.wrongKeyOrAltered(.tdes2Key)) {
                _ = try KeyCryptogram.open(cryptogram, with: key, hash: hash, as: .tdes2Key)
            }
        }
        #expect(throws: KeyCryptogramError.wrongKeyOrAltered(.tdes3Key)) {
            _ = try KeyCryptogram.open(cryptogram, with: receiver, hash: .sha256, as: .tdes3Key)
        }
        for found in [255, 257] {
            let cut = Array((cryptogram + [0]).prefix(found))
            #expect(throws: KeyCryptogramError.wrongLength(expected: 256, found: found)) {
                _ = try KeyCryptogram.open(cut, with: receiver, hash: .sha256, as: .tdes2Key)
            }
        }
    }
}
