/// Derives the initial keys of many devices of one base derivation key and hands them out one by one, for transports
/// that take each key by itself.
///
/// The derivation is a column like any other; a key is in a place of its own only while the caller looks at it. One owner:
/// a worker.
public final class InitialKeySeries {
    /// The most devices in one call.
    public let capacity: Int
    private let method: CheckValueMethod
    private let byteCount: Int
    private let keys: KeyColumn
    private let derivation: InitialKeyDerivation
    private let checkValueColumn: CheckValueColumn
    private let checkValues: UnsafeMutableBufferPointer<CheckValue>

    /// Sets the ciphers up.
    ///
    /// - Parameters:
    ///   - checkValueMethod: of the report; nil: the algorithm's own.
    ///   - checkValueByteCount: nil: as long as the method allows.
    public init(
        _ base: BaseKeySource, checkValueMethod: CheckValueMethod? = nil, checkValueByteCount: Int? = nil, capacity: Int
    ) throws(EngineError) {
        let (algorithm, engine) = (base.algorithm, OpenSSLEngine())
        self.capacity = capacity
        method = checkValueMethod ?? .standard(for: algorithm)
        byteCount = checkValueByteCount ?? method.standardByteCount
        try SecretMemory.checkRoom(for: capacity * Self.lockedByteCountPerRow)
        keys = KeyColumn(algorithm: algorithm, capacity: capacity)
        derivation = try base.makeDerivation(engine: engine, capacity: capacity)
        checkValueColumn = try CheckValueColumn(algorithm, engine: engine, capacity: capacity)
        checkValues = .allocate(capacity: capacity)
    }

    deinit {
        checkValues.deallocate()
    }

    /// What a row takes at most: the key, what it is derived in, and what it is checked in.
    private static let lockedByteCountPerRow = 32 + 16 + 16

    /// Derives the key of every serial number, given as its leading 8 bytes, and hands each out with its check value.
    public func make(
        _ serialNumbers: UnsafeBufferPointer<UInt64>,
        deliver: (Int, borrowing SymmetricKey, CheckValue) throws -> Void
    ) throws {
        precondition(serialNumbers.count <= capacity)
        try derivation.derive(serialNumbers, into: keys)
        try checkValueColumn.compute(method, byteCount: byteCount, of: keys, into: checkValues)
        for row in serialNumbers.indices { try deliver(row, keys.key(at: row), checkValues[row]) }
    }
}
