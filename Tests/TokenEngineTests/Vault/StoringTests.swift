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
        #expect(test.warnings == [])
        #expect(test.questions == [])
    }
}
