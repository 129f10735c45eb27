import Testing

@testable import PaymentCrypto

@Suite("RSA keys")
struct RSAKeyTests {
    @Test("a fresh pair signs, and its public part says so", arguments: [RSAKeySize.rsa2048, .rsa3072])
    func signing(size: RSAKeySize) throws {
        let key = SigningKey(try RSAPrivateKey.generate(size))
        let message = Array("message".utf8)
        let signature = try key.sign(message)
        #expect(signature.count == size.bitCount / 8)
        #expect(key.publicKey.bitCount == size.bitCount)
        #expect(try key.publicKey.verifies(signature, of: message))
        #expect(try !key.publicKey.verifies(signature, of: message + [0]))
        #expect(try !key.publicKey.verifies(signature.dropLast(), of: message))
        #expect(try !key.publicKey.verifies([], of: message))
    }

    @Test("the public part is read again from its own DER, and from nothing else")
    func publicKeys() throws {
        let key = try RSAPrivateKey.generate(.rsa2048).publicKey
        let der = key.subjectPublicKeyInfo
        #expect(try RSAPublicKey(subjectPublicKeyInfo: der) == key)
        #expect(throws: RSAKeyError.malformed) { try RSAPublicKey(subjectPublicKeyInfo: der + [0]) }
        for count in 0..<der.count {
            #expect(throws: RSAKeyError.self, "cut to \(count) bytes") {
                try RSAPublicKey(subjectPublicKeyInfo: Array(der.prefix(count)))
            }
        }
    }

    @Test("OAEP, both hashes, and one answer to everything that is altered", arguments: OAEPHash.allCases)
    func oaep(hash: OAEPHash) throws {
        let key = DecryptionKey(try RSAPrivateKey.generate(.rsa2048))
        let message: [UInt8] = Array(0..<16)
        let ciphertext = try message.withUnsafeBytes { try key.publicKey.encrypt($0, hash: hash) }
        let opened = try key.decrypt(ciphertext, hash: hash)?.hexadecimal()
        #expect(opened == Hexadecimal.text(message))
        for changed in [ciphertext.dropLast(), ciphertext + [0], [], ciphertext.map { $0 ^ 1 }] {
            let isOpen = try key.decrypt(Array(changed), hash: hash) != nil
            #expect(!isOpen)
        }
        let other: OAEPHash = hash == .sha256 ? .sha512 : .sha256
        let isOpen = try key.decrypt(ciphertext, hash: other) != nil
        #expect(!isOpen)
    }
}
