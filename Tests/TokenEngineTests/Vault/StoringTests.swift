import CPKCS11
@_spi(Engine) import PaymentCrypto
import Testing

@testable import TokenEngine

/// Keys that were put into a token give what the same keys give in memory.
@Suite struct StoringTests {
    let uri: TokenURI
    let test = TestVault()

    init() throws {
        uri = try TokenServer.uri.get()
    }

    @Test(arguments: [KeyAlgorithm.tdes2Key, .aes128, .aes192, .aes256])
    func baseDerivationKeysGiveTheSameInitialKeys(algorithm: KeyAlgorithm) throws {
        let vault = test.makeVault()
        let key = try SymmetricKey.random(algorithm)
        let stored = try vault.store(key, as: .baseDerivation, at: uri.with("object=bdk-\(algorithm.rawValue)"))
        #expect((stored.variant != nil) == algorithm.isTDES)
        let source = try vault.baseKey(stored.uri, variant: stored.variant, algorithm: algorithm)
        let memory = BaseKeySource(try BaseDerivationKey(key))
        #expect(try source.checkValue() == memory.checkValue())
        for text in algorithm.isTDES ? ["FFFF9876543210E00000", "FFFF9876543211000000"] : ["123456789012345600000000"] {
            let number = try KeySerialNumber(text, family: DUKPTFamily(algorithm)).initial
            #expect(try source.initialKey(for: number).isEqual(to: memory.initialKey(for: number)))
        }
        #expect(try vault.fingerprint(of: stored.uri, algorithm: algorithm) == KeyFingerprint(key))
        #expect(test.questions == [])
        // opencryptoki has no CKA_VALUE_LEN for keys that were put in.
        let isUntold = TokenServer.kind == "opencryptoki" && !algorithm.isTDES
        #expect(
            test.warnings.allSatisfy { $0.contains("does not tell how long") } && test.warnings.isEmpty == !isUntold)
    }

    /// K1 K2 K1 is the two-key key that it is.
    @Test func aBaseDerivationKeyInThreePartsIsTakenAsItsTwo() throws {
        let vault = test.makeVault()
        let key = try SymmetricKey.random(.tdes2Key)
        let stored = try vault.store(key.expanded(), as: .baseDerivation, at: uri.with("object=bdk-expanded"))
        let source = try vault.baseKey(stored.uri, variant: stored.variant, algorithm: .tdes2Key)
        #expect(try source.checkValue() == key.checkValue(.legacy))
    }

    @Test func aRealThreeKeyBaseDerivationKeyIsRefused() throws {
        let key = try SymmetricKey.random(.tdes3Key)
        #expect { try test.makeVault().store(key, as: .baseDerivation, at: uri.with("object=bdk-three")) } throws: {
            ($0 as? TokenError)?.category == .usage
        }
        #expect(throws: TokenError.self) {
            try test.makeVault().baseKey(uri.with("object=bdk-three"), variant: nil, algorithm: .tdes3Key)
        }
    }

    /// What is wrapped inside opens outside, and the other way round.
    @Test(arguments: KeyAlgorithm.allCases, [false, true])
    func wrappingKeysMakeTheSameKeyBlocks(algorithm: KeyAlgorithm, isRepeated: Bool) throws {
        guard algorithm == .tdes3Key || !isRepeated else { return }
        let vault = test.makeVault()
        let key = isRepeated ? try SymmetricKey.random(.tdes2Key).expanded() : try SymmetricKey.random(algorithm)
        let name = "kbpk-\(algorithm.rawValue)-\(isRepeated)"
        let stored = try vault.store(key, as: .wrapping, at: uri.with("object=\(name)"))
        let inside = try vault.protection(
            stored.uri, encryption: stored.encryption, authentication: stored.authentication, algorithm: algorithm)
        let outside = try vault.protection(stored.uri, encryption: nil, authentication: nil, algorithm: algorithm)
        let method = CheckValueMethod.standard(for: algorithm)
        #expect(try inside.checkValue(method) == key.checkValue(method))
        for protection in [inside, outside] {
            try expectSameKeyBlocks(protection, under: key)
        }
        let (encryption, authentication) = (try #require(stored.encryption), try #require(stored.authentication))
        try vault.checkDerivedKeys(
            of: stored.uri, encryption: encryption, authentication: authentication, algorithm: algorithm)
        #expect(throws: TokenError.self) {
            try vault.checkDerivedKeys(
                of: stored.uri, encryption: authentication, authentication: encryption, algorithm: algorithm)
        }
    }

    private func expectSameKeyBlocks(_ protection: KeyBlockProtection, under key: borrowing SymmetricKey) throws {
        let wrapped = try SymmetricKey.random(key.algorithm.isTDES ? .tdes2Key : .aes128)
        let header = KeyBlockHeader.initialKey(wrapped.algorithm)
        let made = try KeyBlock.wrap(wrapped, header: header, under: protection)
        #expect(try KeyBlock.open(made, under: key).takeKey().isEqual(to: wrapped))
        let other = try KeyBlock.wrap(wrapped, header: header, under: key)
        #expect(try KeyBlock.open(other, under: protection).takeKey().isEqual(to: wrapped))
    }

    @Test func storedKeysMayDoTheLeast() throws {
        let vault = test.makeVault()
        let base = try vault.store(
            SymmetricKey.random(.tdes2Key), as: .baseDerivation, at: uri.with("object=least-bdk"))
        let wrapping = try vault.store(SymmetricKey.random(.aes256), as: .wrapping, at: uri.with("object=least-kbpk"))
        let other = try vault.store(SymmetricKey.random(.aes128), as: .other, at: uri.with("object=least-other"))
        let expected: [(TokenURI?, [String])] = [
            (base.uri, ["ENCRYPT"]), (base.variant, ["ENCRYPT"]), (wrapping.uri, ["ENCRYPT"]),
            (wrapping.encryption, ["ENCRYPT", "DECRYPT"]),
            (wrapping.authentication, TokenServer.kind == "softhsm" ? ["ENCRYPT", "SIGN"] : ["ENCRYPT"]),
            (other.uri, ["ENCRYPT"]),
        ]
        for (uri, permissions) in expected {
            let facts = try vault.describeKey(try #require(uri))
            #expect(facts.permissions == permissions, "\(facts.label)")
            #expect(facts.isSensitive && !facts.isExtractable && !facts.isModifiable, "\(facts.label)")
            #expect(facts.warnings == [])
        }
    }

    @Test func nothingIsOverwritten() throws {
        let vault = test.makeVault()
        let place = try uri.with("object=taken")
        let stored = try vault.store(SymmetricKey.random(.tdes2Key), as: .wrapping, at: place)
        #expect(throws: TokenError.objectExists(label: "taken")) {
            try vault.store(SymmetricKey.random(.tdes2Key), as: .other, at: place)
        }
        #expect(throws: TokenError.objectExists(label: "taken-mac")) {
            try vault.store(SymmetricKey.random(.tdes2Key), as: .other, at: uri.with("object=taken-mac"))
        }
        try vault.remove(stored)
        #expect(throws: TokenError.keyMissing(uri: "\(stored.uri)")) { try vault.describeKey(stored.uri) }
        _ = try vault.store(SymmetricKey.random(.tdes2Key), as: .other, at: place)
    }

    @Test func identifiersTellKeysOfOneLabelApart() throws {
        let vault = test.makeVault()
        let token = try vault.openToken(uri)
        for id in [UInt8(1), 2] {
            try RawObject(label: "twin", id: [0xAA, id], permissions: [CKA_ENCRYPT])
                .create(SymmetricKey.random(.aes128), in: token)
        }
        let both = try uri.with("object=twin")
        #expect(throws: TokenError.severalKeys(uri: "\(both)", count: 2)) { try vault.describeKey(both) }
        #expect(try vault.describeKey(uri.with("object=twin;id=%AA%02")).id == [0xAA, 2])
        #expect(try vault.describeKey(uri.with("id=%AA%01")).label == "twin")
        #expect(throws: TokenError.objectExists(label: "new")) {
            try vault.store(SymmetricKey.random(.aes128), as: .other, at: uri.with("object=new;id=%AA%01"))
        }
    }
}

extension KeyBlockHeader {
    /// Version B for TDES, D for AES.
    static func initialKey(_ algorithm: KeyAlgorithm) -> KeyBlockHeader {
        KeyBlockHeader(
            version: .standard(under: algorithm), keyUsage: .initialDUKPTKey, algorithm: KeyBlockAlgorithm(algorithm))
    }
}
