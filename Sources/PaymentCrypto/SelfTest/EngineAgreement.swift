/// Whether an engine gives the same bytes as OpenSSL, on keys and blocks that are random at each start.
final class EngineAgreement {
    /// A whole chunk of the widest level, and a part of one.
    static let rows = 520

    private let columns: [ColumnSample]
    private let checkValues: CheckValueSample

    /// Draws the samples, and has OpenSSL work on them.
    init() throws(EngineError) {
        columns = [try ColumnSample(.tdes2Key, rows: Self.rows), try ColumnSample(.tdes3Key, rows: Self.rows)]
        checkValues = try CheckValueSample(.tdes2Key, rows: Self.rows)
    }

    /// Whether the engine makes the same of them.
    func holds(for engine: any CipherEngine) -> Bool {
        do throws(EngineError) {
            for column in columns {
                guard try column.isGiven(by: engine) else { return false }
            }
            return try checkValues.isGiven(by: engine)
        } catch {
            return false
        }
    }

    /// The fast engine at every level that the processor has, whichever of them is to be used.
    static var outcomes: [SelfTest.Outcome] {
        let agreement = try? EngineAgreement()
        return BitslicedEngine.Level.available.map { level in
            SelfTest.Outcome(
                name: "TDES engine, \(level.name), as OpenSSL",
                passed: agreement?.holds(for: BitslicedEngine(atMost: level)) ?? false)
        }
    }
}

/// Random blocks under a random key.
private final class ColumnSample {
    private let key: SymmetricKey
    private let clear: SecretScratch
    private let encrypted: SecretScratch

    init(_ algorithm: KeyAlgorithm, rows: Int) throws(EngineError) {
        let key = try SymmetricKey.random(algorithm)
        let clear = try SecretScratch(randomByteCount: rows * algorithm.blockByteCount)
        let encrypted = SecretScratch(copying: clear)
        try OpenSSLEngine().makeCipher(for: key).encrypt(encrypted.bytes)
        self.key = key
        self.clear = clear
        self.encrypted = encrypted
    }

    func isGiven(by engine: any CipherEngine) throws(EngineError) -> Bool {
        let cipher = try engine.makeCipher(for: key)
        let column = SecretScratch(copying: clear)
        try cipher.encrypt(column.bytes)
        guard column.isEqual(to: encrypted) else { return false }
        try cipher.decrypt(column.bytes)
        return column.isEqual(to: clear)
    }
}

/// Random keys, one a row.
private final class CheckValueSample {
    private let algorithm: KeyAlgorithm
    private let keys: SecretScratch
    private let blocks: SecretScratch

    init(_ algorithm: KeyAlgorithm, rows: Int) throws(EngineError) {
        let keys = try SecretScratch(randomByteCount: rows * algorithm.byteCount)
        let blocks = SecretScratch(byteCount: rows * algorithm.blockByteCount)
        try OpenSSLEngine().makeCheckValueCipher(for: algorithm).checkBlocks(
            .legacy, keys: UnsafeRawBufferPointer(keys.bytes), stride: algorithm.byteCount, into: blocks.bytes)
        self.algorithm = algorithm
        self.keys = keys
        self.blocks = blocks
    }

    func isGiven(by engine: any CipherEngine) throws(EngineError) -> Bool {
        let found = SecretScratch(byteCount: blocks.bytes.count)
        try engine.makeCheckValueCipher(for: algorithm).checkBlocks(
            .legacy, keys: UnsafeRawBufferPointer(keys.bytes), stride: algorithm.byteCount, into: found.bytes)
        return found.isEqual(to: blocks)
    }
}

extension SecretScratch {
    fileprivate convenience init(randomByteCount: Int) throws(EngineError) {
        self.init(byteCount: randomByteCount)
        try SystemRandom().fill(bytes)
    }

    fileprivate convenience init(copying other: SecretScratch) {
        self.init(byteCount: other.bytes.count)
        bytes.copyMemory(from: UnsafeRawBufferPointer(other.bytes))
    }

    fileprivate func isEqual(to other: SecretScratch) -> Bool {
        constantTimeEqual(UnsafeRawBufferPointer(bytes), UnsafeRawBufferPointer(other.bytes))
    }
}
