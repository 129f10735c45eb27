/// The clear keys of many devices, side by side in secret memory; written in place, read only inside this module.
///
/// One owner at a time: the worker whose rows they are.
public final class KeyColumn {
    /// The algorithm of every key.
    public let algorithm: KeyAlgorithm
    /// How many keys there are; the derivation sets it.
    public internal(set) var count = 0
    /// Bytes from one key to the next: the key's length in whole cipher blocks.
    let stride: Int
    let scratch: SecretScratch

    /// Room for `capacity` keys.
    public init(algorithm: KeyAlgorithm, capacity: Int) {
        self.algorithm = algorithm
        stride = Self.stride(of: algorithm)
        scratch = SecretScratch(byteCount: capacity * stride)
    }

    static func stride(of algorithm: KeyAlgorithm) -> Int {
        (algorithm.byteCount + algorithm.blockByteCount - 1) / algorithm.blockByteCount * algorithm.blockByteCount
    }

    /// Puts a key behind the others.
    func append(_ key: borrowing SymmetricKey) {
        precondition(key.algorithm == algorithm && (count + 1) * stride <= scratch.bytes.count)
        let place = UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[(count * stride)...])
        key.bytes.withExposedBytes { place.copyMemory(from: $0) }
        count += 1
    }

    /// A key by itself, in a place of its own.
    func key(at row: Int) -> SymmetricKey {
        precondition(row < count)
        return SymmetricKey(algorithm: algorithm) { memory in
            memory.copyMemory(from: bytes(of: row))
        }
    }

    func bytes(of row: Int) -> UnsafeRawBufferPointer {
        let start = row * stride
        return UnsafeRawBufferPointer(rebasing: scratch.bytes[start..<start + algorithm.byteCount])
    }
}
