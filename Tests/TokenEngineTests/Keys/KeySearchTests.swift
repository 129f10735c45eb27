import CPKCS11
@_spi(Engine) import PaymentCrypto
import Testing

@testable import TokenEngine

/// One key, or an error that says which attribute would help.
@Suite struct KeySearchTests {
    let uri: TokenURI
    let test = TestVault()

    init() throws {
        uri = try TokenServer.uri.get()
    }

    @Test func aKeyThatIsNotThereIsMissing() throws {
        let absent = try uri.with("object=nowhere")
        #expect(throws: TokenError.keyMissing(uri: "\(absent)")) { try test.makeVault().describeKey(absent) }
        #expect(TokenError.keyMissing(uri: "").category == .missing)
    }

    @Test func aURIWithoutAKeyIsRefused() throws {
        #expect(throws: TokenError.noObject) { try test.makeVault().describeKey(uri) }
        #expect(throws: TokenError.noObject) {
            try test.makeVault().store(SymmetricKey.random(.aes128), as: .other, at: uri)
        }
    }

    @Test(arguments: ["cert", "public", "data", "private"])
    func aURIOfAnotherTypeIsRefused(type: String) throws {
        let other = try uri.with("object=x;type=\(type)")
        let error = TokenError.wrongType(expected: "secret-key", found: type)
        #expect(throws: error) { try test.makeVault().baseKey(other, variant: nil, algorithm: .aes128) }
        #expect(throws: error) { try test.makeVault().store(SymmetricKey.random(.aes128), as: .other, at: other) }
    }

    @Test func aKeyOfAnotherAlgorithmIsRefused() throws {
        let vault = test.makeVault()
        let stored = try vault.store(SymmetricKey.random(.aes192), as: .other, at: uri.with("object=aes-192-key"))
        let tellsLength = TokenServer.kind != "opencryptoki"
        let others: [KeyAlgorithm] = tellsLength ? [.aes128, .aes256, .tdes2Key, .tdes3Key] : [.tdes2Key, .tdes3Key]
        for algorithm in others {
            let error = TokenError.wrongAlgorithm(
                key: "aes-192-key", expected: algorithm.reportName, found: tellsLength ? "AES-192" : "AES")
            #expect(throws: error) { try vault.checkValue(of: stored.uri, algorithm: algorithm, .cmac) }
        }
    }

    @Test func aTDESKeyNeedsItsVariantAndNotItself() throws {
        let vault = test.makeVault()
        let stored = try vault.store(
            SymmetricKey.random(.tdes2Key), as: .baseDerivation, at: uri.with("object=bdk-twice"))
        for variant in [nil, stored.uri] {
            #expect { try vault.baseKey(stored.uri, variant: variant, algorithm: .tdes2Key) } throws: {
                ($0 as? TokenError)?.category == .usage
            }
        }
        #expect(throws: TokenError.self) {
            try vault.baseKey(stored.uri, variant: stored.variant, algorithm: .aes128)
        }
    }

    @Test func aKeyThatIsBadlyKeptGivesWarnings() throws {
        let vault = test.makeVault()
        try RawObject(label: "open", permissions: [CKA_ENCRYPT], isSensitive: false, isExtractable: true)
            .create(SymmetricKey.random(.aes128), in: vault.openToken(uri))
        // Said once, however often the key is opened.
        for _ in 0..<2 { _ = try vault.baseKey(uri.with("object=open"), variant: nil, algorithm: .aes128) }
        #expect(
            test.warnings.filter { !$0.contains("does not tell how long") } == [
                "key 'open' in the token is not sensitive: whoever has the PIN can read it",
                "key 'open' in the token is extractable: it can be taken out",
            ])
    }
}
