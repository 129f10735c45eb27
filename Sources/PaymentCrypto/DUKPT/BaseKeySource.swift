/// A base derivation key wherever it is: in this process's memory, or in a token that never gives it out.
///
/// Shared by the workers of a run, each of which makes a derivation of its own from it.
public final class BaseKeySource: Sendable {
    /// The algorithm of the key, which is that of every initial key derived from it.
    public let algorithm: KeyAlgorithm
    private let place: Place

    private enum Place: Sendable {
        case memory(HeldBaseKey)
        case engine(
            cipher: @Sendable () throws(EngineError) -> any BlockCipher,
            variant: (@Sendable () throws(EngineError) -> any BlockCipher)?)
    }

    /// A key in this process's memory, which the source takes over.
    public init(_ key: consuming BaseDerivationKey) {
        algorithm = key.algorithm
        place = .memory(HeldBaseKey(key))
    }

    /// A key that another engine has: two-key TDES, or AES.
    ///
    /// - Parameters:
    ///   - makeCipher: a cipher under the key for one worker, as often as it is called.
    ///   - makeVariantCipher: TDES only, and then needed: a cipher under ``BaseDerivationKey/makeVariant()``.
    @_spi(Engine) public init(
        algorithm: KeyAlgorithm, makeCipher: @escaping @Sendable () throws(EngineError) -> any BlockCipher,
        makeVariantCipher: (@Sendable () throws(EngineError) -> any BlockCipher)?
    ) {
        precondition(algorithm != .tdes3Key && algorithm.isTDES == (makeVariantCipher != nil))
        self.algorithm = algorithm
        place = .engine(cipher: makeCipher, variant: makeVariantCipher)
    }

    /// TDES or AES DUKPT.
    public var family: DUKPTFamily { DUKPTFamily(algorithm) }

    /// The key's check value; `byteCount` defaults to the most that the method may show.
    public func checkValue(_ method: CheckValueMethod, byteCount: Int? = nil) throws(EngineError) -> CheckValue {
        switch place {
        case .memory(let held): try held.key.key.checkValue(method, byteCount: byteCount)
        case .engine(let makeCipher, _): try CheckValue(method, byteCount: byteCount, cipher: makeCipher())
        }
    }

    /// The check value that the key is known by: legacy for TDES, CMAC for AES, at full length.
    public func checkValue() throws(EngineError) -> CheckValue { try checkValue(.standard(for: algorithm)) }

    /// The initial key of one device.
    public func initialKey(for serialNumber: InitialKeySerialNumber) throws(EngineError) -> SymmetricKey {
        let column = KeyColumn(algorithm: algorithm, capacity: 1)
        let derivation = try makeDerivation(engine: OpenSSLEngine(), capacity: 1)
        let outcome = withUnsafePointer(to: serialNumber.leading) { leading in
            Result { () throws(EngineError) in
                try derivation.derive(UnsafeBufferPointer(start: leading, count: 1), into: column)
            }
        }
        try outcome.get()
        return column.key(at: 0)
    }

    /// A derivation for one worker; `engine` works with a key that is in memory.
    func makeDerivation(engine: any CipherEngine, capacity: Int) throws(EngineError) -> InitialKeyDerivation {
        switch place {
        case .memory(let held): try InitialKeyDerivation(held.key, engine: engine, capacity: capacity)
        case .engine(let makeCipher, let makeVariantCipher):
            try InitialKeyDerivation(
                algorithm: algorithm, cipher: makeCipher(), variantCipher: makeVariantCipher?(), capacity: capacity)
        }
    }
}

/// A clear key that several workers borrow.
private final class HeldBaseKey: Sendable {
    let key: BaseDerivationKey

    init(_ key: consuming BaseDerivationKey) {
        self.key = key
    }
}
