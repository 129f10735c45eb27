import CPKCS11
import Testing

@_spi(Engine) @testable import PaymentCrypto
@testable import TokenEngine

/// What a key's attributes and its token's mechanisms allow decides how it is used, and what is refused.
@Suite struct PermissionTests {
    let token: Token

    init() throws {
        token = try TestVault().makeVault().openToken(TokenServer.uri.get())
    }

    private func key(
        _ label: String, _ permissions: [UInt], _ key: borrowing SymmetricKey
    ) throws -> TokenKey {
        try RawObject(label: label, permissions: permissions).create(key, in: token)
        let handles = try KeySearch(token: token).objects(CKO_SECRET_KEY, label: label)
        return try TokenKey(try #require(handles.first), in: token, algorithm: key.algorithm)
    }

    @Test func aKeyThatMayNotEncryptIsRefusedByName() throws {
        let found = try key("mute", [CKA_VERIFY], SymmetricKey.random(.aes128))
        let error = EngineError(.notPermitted("key 'mute' has no CKA_ENCRYPT"))
        #expect(throws: error) { try found.makeBlockCipher() }
        #expect(throws: error) { try found.makeEncryption(for: .d) }
        #expect { try found.makeAuthentication() } throws: {
            "\($0)" == "key 'mute' has no CKA_ENCRYPT, and key 'mute' has no CKA_SIGN"
        }
    }

    /// Version E is opened by encrypting, too.
    @Test func aKeyThatMayNotDecryptOpensVersionEOnly() throws {
        let found = try key("one-way", [CKA_ENCRYPT], SymmetricKey.random(.aes128))
        #expect(throws: EngineError(.notPermitted("key 'one-way' has no CKA_DECRYPT"))) {
            try found.makeEncryption(for: .d)
        }
        _ = try found.makeEncryption(for: .e)
    }

    /// Where a token refuses what its attributes seemed to allow, that is a refusal and not a broken token.
    @Test func theTokensOwnRefusalIsOne() throws {
        let found = try key("encrypts", [CKA_ENCRYPT], SymmetricKey.random(.aes128))
        let cipher = TokenBlockCipher(found)
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 16)
        defer { block.deallocate() }
        block.initializeMemory(as: UInt8.self, repeating: 0)
        #expect { try cipher.decrypt(block) } throws: {
            ($0 as? EngineError)?.kind == .notPermitted("token '\(token.name)' refuses that use of key 'encrypts'")
        }
        // The session that was refused is not lost.
        try cipher.encrypt(block)
    }

    /// Two ways of making the MAC, and the one in memory: the same bytes.
    @Test(.enabled(if: TokenServer.kind == "softhsm", "the others offer no CMAC"), arguments: KeyAlgorithm.allCases)
    func everyWayOfMakingTheMACGivesTheSame(algorithm: KeyAlgorithm) throws {
        let clear = try SymmetricKey.random(algorithm)
        let object = RawObject(
            label: "mac-\(algorithm)", permissions: [CKA_ENCRYPT, CKA_DECRYPT, CKA_SIGN],
            type: algorithm == .tdes3Key ? CKK_DES3 : nil)
        try object.create(clear, in: token)
        let handle = try #require(try KeySearch(token: token).objects(CKO_SECRET_KEY, label: object.label).first)
        let found = try TokenKey(handle, in: token, algorithm: algorithm)
        let version = KeyBlockVersion.standard(under: algorithm)
        let memory = try OpenSSLEngine().makeCipher(for: clear)
        let ways: [KeyBlockAuthentication] = [
            .columns(memory), .columns(TokenBlockCipher(found)), .columns(SingleBlockCipher(found)),
            .messages(TokenMessageAuthenticator(found)),
        ]
        for count in [algorithm.blockByteCount, 5 * algorithm.blockByteCount] {
            let message = [UInt8](repeating: 0x5A, count: count)
            let macs = try ways.map { way in
                try KeyBlockCiphers(version: version, encryption: .columns(memory), authentication: way).mac(message)
            }
            #expect(Set(macs).count == 1 && macs[0].count == algorithm.blockByteCount)
        }
    }

    /// A wrapping key and derived keys that are only used message by message give key blocks that open elsewhere.
    @Test(
        .enabled(if: TokenServer.kind == "softhsm", "the others offer no CMAC"),
        arguments: [KeyAlgorithm.tdes2Key, .aes128, .aes256])
    func keysThatOnlySignMakeTheSameKeyBlocks(algorithm: KeyAlgorithm) throws {
        let clear = try SymmetricKey.random(algorithm)
        let version = KeyBlockVersion.standard(under: algorithm)
        let wrapping = try key("sign-\(algorithm)", [CKA_SIGN], clear)
        let derived = try wrapping.deriveKeyBlockKeys(version)
        #expect(try wrapping.checkValue(.cmac) == clear.checkValue(.cmac))
        #expect(throws: EngineError.self) { try wrapping.checkValue(.legacy) }
        let authentication = try key("sign-mac-\(algorithm)", [CKA_SIGN], derived.authentication)
        let encryption = try key("cbc-\(algorithm)", [CKA_ENCRYPT, CKA_DECRYPT], derived.encryption)
        let protection = KeyBlockProtection(
            algorithm: algorithm, effectiveAlgorithm: algorithm,
            checkValue: { method throws(EngineError) in try wrapping.checkValue(method) },
            makeCiphers: { version throws(EngineError) in
                try KeyBlockCiphers(
                    version: version, encryption: .chains(TokenChainCipher(encryption)),
                    authentication: authentication.makeAuthentication())
            })
        let wrapped = try SymmetricKey.random(algorithm)
        let header = KeyBlockHeader.initialKey(algorithm)
        let made = try KeyBlock.wrap(wrapped, header: header, under: protection)
        #expect(try KeyBlock.open(made, under: clear).takeKey().isEqual(to: wrapped))
        #expect(try KeyBlock.open(made, under: protection).takeKey().isEqual(to: wrapped))
        #expect(throws: EngineError.self) { try protection.makeCiphers(.a, engine: OpenSSLEngine()) }
    }
}

extension KeyBlockCiphers {
    func mac(_ message: [UInt8]) throws -> [UInt8] {
        var mac = [UInt8](repeating: 0, count: version.macByteCount)
        let outcome = mac.withUnsafeMutableBytes { mac in
            message.withUnsafeBytes { message in
                Result { () throws(EngineError) in try authenticate(message, into: mac) }
            }
        }
        try outcome.get()
        return mac
    }
}
