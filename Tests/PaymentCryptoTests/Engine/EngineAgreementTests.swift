import Testing

@_spi(Engine) @testable import PaymentCrypto

/// The comparison that every start makes must notice an engine that is wrong in one bit of one row.
@Suite("Comparison with OpenSSL at the start")
struct EngineAgreementTests {
    @Test("OpenSSL agrees with itself, and so does every level")
    func rightEnginesAgree() throws {
        let agreement = try EngineAgreement()
        #expect(agreement.holds(for: OpenSSLEngine()))
        for level in BitslicedEngine.Level.available { #expect(agreement.holds(for: BitslicedEngine(atMost: level))) }
    }

    @Test("one wrong bit is noticed, in the first row and in the last one", arguments: FlawedEngine.Flaw.allCases)
    func flawsAreNoticed(flaw: FlawedEngine.Flaw) throws {
        let agreement = try EngineAgreement()
        for row in [0, 511, EngineAgreement.rows - 1] {
            #expect(!agreement.holds(for: FlawedEngine(flaw: flaw, row: row)))
        }
        // The same engine without its flaw.
        #expect(agreement.holds(for: FlawedEngine(flaw: flaw, row: EngineAgreement.rows)))
    }

    @Test("an engine that fails does not agree")
    func failuresAreNoticed() throws {
        #expect(try !EngineAgreement().holds(for: FailingEngine()))
    }

    @Test("every level of this processor is among the outcomes of the self-test")
    func everyLevelIsTold() {
        let names = SelfTest.run().map(\.name)
        #expect(BitslicedEngine.Level.available.first == .plain)
        for level in BitslicedEngine.Level.available {
            #expect(names.contains("TDES engine, \(level.name), as OpenSSL"))
        }
    }
}

/// OpenSSL with one bit turned over in one row.
struct FlawedEngine: CipherEngine {
    enum Flaw: CaseIterable {
        case encryption, decryption, threeKeys, checkValue
    }

    let flaw: Flaw
    let row: Int

    func makeCipher(for key: borrowing SymmetricKey) throws(EngineError) -> any BlockCipher {
        let cipher = try OpenSSLEngine().makeCipher(for: key)
        let isFlawed = flaw == .threeKeys ? key.algorithm == .tdes3Key : flaw != .checkValue
        return isFlawed ? FlawedCipher(cipher, flaw, row) : cipher
    }

    func makeCheckValueCipher(for algorithm: KeyAlgorithm) throws(EngineError) -> any CheckValueCipher {
        let cipher = try OpenSSLEngine().makeCheckValueCipher(for: algorithm)
        return flaw == .checkValue ? FlawedCheckValueCipher(cipher, row) : cipher
    }
}

private final class FlawedCipher: BlockCipher {
    let blockByteCount: Int
    private let cipher: any BlockCipher
    private let flaw: FlawedEngine.Flaw
    private let row: Int

    init(_ cipher: any BlockCipher, _ flaw: FlawedEngine.Flaw, _ row: Int) {
        blockByteCount = cipher.blockByteCount
        self.cipher = cipher
        self.flaw = flaw
        self.row = row
    }

    func encrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError) {
        try cipher.encrypt(column)
        if flaw != .decryption { column.turnOver(row * blockByteCount) }
    }

    func decrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError) {
        try cipher.decrypt(column)
        if flaw == .decryption { column.turnOver(row * blockByteCount) }
    }
}

private final class FlawedCheckValueCipher: CheckValueCipher {
    private let cipher: any CheckValueCipher
    private let row: Int

    init(_ cipher: any CheckValueCipher, _ row: Int) {
        self.cipher = cipher
        self.row = row
    }

    func checkBlocks(
        _ method: CheckValueMethod, keys: UnsafeRawBufferPointer, stride: Int,
        into blocks: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        try cipher.checkBlocks(method, keys: keys, stride: stride, into: blocks)
        blocks.turnOver(row * 8)
    }
}

private struct FailingEngine: CipherEngine {
    func makeCipher(for key: borrowing SymmetricKey) throws(EngineError) -> any BlockCipher {
        throw EngineError(.operationFailed("a test"))
    }

    func makeCheckValueCipher(for algorithm: KeyAlgorithm) throws(EngineError) -> any CheckValueCipher {
        throw EngineError(.operationFailed("a test"))
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Turns over one bit, where there is such a byte.
    fileprivate func turnOver(_ offset: Int) {
        if offset < count { self[offset] ^= 0x10 }
    }
}
