/// A key that wraps and opens key blocks, wherever it is: in this process's memory, or in a token.
///
/// Shared by the workers of a run, each of which makes ciphers of its own from it.
public final class KeyBlockProtection: Sendable {
    /// The cipher and key length.
    public let algorithm: KeyAlgorithm
    /// What counts for strength: a three-key TDES key with K1 = K3 is a two-key one.
    public let effectiveAlgorithm: KeyAlgorithm
    private let place: Place

    private enum Place: Sendable {
        case memory(HeldKey)
        case engine(
            checkValue: @Sendable (CheckValueMethod) throws(EngineError) -> CheckValue,
            ciphers: @Sendable (KeyBlockVersion) throws(EngineError) -> KeyBlockCiphers)
    }

    /// A key in this process's memory, which this takes over.
    public init(_ key: consuming SymmetricKey) {
        algorithm = key.algorithm
        effectiveAlgorithm = key.effectiveAlgorithm
        place = .memory(HeldKey(key))
    }

    /// A copy of a key in this process's memory.
    public convenience init(copying key: borrowing SymmetricKey) {
        self.init(key.copy())
    }

    /// A key that another engine has.
    ///
    /// - Parameters:
    ///   - checkValue: the key's own check value at full length; a key that only makes CMACs has no legacy one.
    ///   - makeCiphers: the ciphers of one worker for a version, as often as it is called.
    @_spi(Engine) public init(
        algorithm: KeyAlgorithm, effectiveAlgorithm: KeyAlgorithm,
        checkValue: @escaping @Sendable (CheckValueMethod) throws(EngineError) -> CheckValue,
        makeCiphers: @escaping @Sendable (KeyBlockVersion) throws(EngineError) -> KeyBlockCiphers
    ) {
        self.algorithm = algorithm
        self.effectiveAlgorithm = effectiveAlgorithm
        place = .engine(checkValue: checkValue, ciphers: makeCiphers)
    }

    /// The key's check value; `byteCount` defaults to the most that the method may show.
    public func checkValue(_ method: CheckValueMethod, byteCount: Int? = nil) throws(EngineError) -> CheckValue {
        switch place {
        case .memory(let held): try held.key.checkValue(method, byteCount: byteCount)
        case .engine(let checkValue, _): try checkValue(method).prefix(byteCount ?? method.standardByteCount)
        }
    }

    /// The check value that the key is known by: legacy for TDES, CMAC for AES, at full length.
    public func checkValue() throws(EngineError) -> CheckValue { try checkValue(.standard(for: algorithm)) }

    /// The ciphers of one worker; `engine` works with a key that is in memory.
    func makeCiphers(_ version: KeyBlockVersion, engine: any CipherEngine) throws(EngineError) -> KeyBlockCiphers {
        switch place {
        case .memory(let held): try KeyBlockCiphers(held.key, version: version, engine: engine)
        case .engine(_, let makeCiphers): try makeCiphers(version)
        }
    }
}

/// A clear key that several workers borrow.
private final class HeldKey: Sendable {
    let key: SymmetricKey

    init(_ key: consuming SymmetricKey) {
        self.key = key
    }
}
