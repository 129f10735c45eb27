internal import CPKCS11
@_spi(Engine) internal import PaymentCrypto

/// A key in a token that is used in CBC, one call for a payload.
final class TokenChainCipher: ChainCipher {
    private let key: TokenKey
    private let mechanism: Mechanism

    init(_ key: TokenKey) {
        self.key = key
        mechanism = .cbc(key.algorithm)
    }

    func encrypt(
        _ payload: UnsafeMutableRawBufferPointer, initialisationVector: UnsafeRawBufferPointer
    ) throws(EngineError) {
        do throws(CallFailure) {
            try key.encrypt(payload, mechanism, parameter: initialisationVector)
        } catch {
            throw key.engineError(error)
        }
    }

    func decrypt(
        _ payload: UnsafeMutableRawBufferPointer, initialisationVector: UnsafeRawBufferPointer
    ) throws(EngineError) {
        do throws(CallFailure) {
            try key.decrypt(payload, mechanism, parameter: initialisationVector)
        } catch {
            throw key.engineError(error)
        }
    }
}

/// A key whose token has no ECB: each block is a chain of its own, from zeros on, which is the same.
///
/// A call for every block: slow, but there is no other way to derive from such a key.
final class SingleBlockCipher: BlockCipher {
    let blockByteCount: Int
    private let chain: TokenChainCipher
    private let zeros: UnsafeMutableRawBufferPointer

    init(_ key: TokenKey) {
        blockByteCount = key.algorithm.blockByteCount
        chain = TokenChainCipher(key)
        zeros = .allocate(byteCount: blockByteCount, alignment: 16)
        zeros.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        zeros.deallocate()
    }

    func encrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError) {
        for start in stride(from: 0, to: column.count, by: blockByteCount) {
            try chain.encrypt(block(column, start), initialisationVector: UnsafeRawBufferPointer(zeros))
        }
    }

    func decrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError) {
        for start in stride(from: 0, to: column.count, by: blockByteCount) {
            try chain.decrypt(block(column, start), initialisationVector: UnsafeRawBufferPointer(zeros))
        }
    }

    private func block(_ column: UnsafeMutableRawBufferPointer, _ start: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: column[start..<min(start + blockByteCount, column.count)])
    }
}
