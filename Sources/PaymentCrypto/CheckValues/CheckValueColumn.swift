/// Check values of a column of keys.
///
/// One owner: a worker.
public final class CheckValueColumn {
    private let cipher: any CheckValueCipher
    private let blocks: SecretScratch
    private let algorithm: KeyAlgorithm

    /// - Parameter capacity: the most keys in one call.
    @_spi(Engine) public init(
        _ algorithm: KeyAlgorithm, engine: any CipherEngine, capacity: Int
    ) throws(EngineError) {
        self.algorithm = algorithm
        cipher = try engine.makeCheckValueCipher(for: algorithm)
        blocks = SecretScratch(byteCount: capacity * algorithm.blockByteCount)
    }

    /// Writes one check value of `byteCount` bytes for every key.
    public func compute(
        _ method: CheckValueMethod, byteCount: Int, of keys: KeyColumn,
        into checkValues: UnsafeMutableBufferPointer<CheckValue>
    ) throws(EngineError) {
        precondition(keys.algorithm == algorithm && keys.count <= checkValues.count)
        let blockByteCount = algorithm.blockByteCount
        let used = UnsafeMutableRawBufferPointer(rebasing: blocks.bytes[..<(keys.count * blockByteCount)])
        try cipher.checkBlocks(
            method, keys: UnsafeRawBufferPointer(keys.scratch.bytes), stride: keys.stride, into: used)
        for row in 0..<keys.count {
            let start = row * blockByteCount
            let block = UnsafeRawBufferPointer(rebasing: used[start..<start + blockByteCount])
            checkValues[row] = CheckValue(block: block, method: method, byteCount: byteCount)
        }
    }
}
