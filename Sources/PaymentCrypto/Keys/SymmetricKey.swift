/// A clear TDES or AES key: one place in memory, wiped when it goes, readable only inside this module.
public struct SymmetricKey: ~Copyable, Sendable {
    /// The cipher and key length.
    public let algorithm: KeyAlgorithm
    let bytes: SecretBytes

    /// Takes over bytes whose length must be the algorithm's.
    init?(algorithm: KeyAlgorithm, bytes: consuming SecretBytes) {
        guard bytes.count == algorithm.byteCount else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// A key whose bytes `fill` writes in place.
    init<E: Error>(
        algorithm: KeyAlgorithm, initializingWith fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        let bytes = try SecretBytes(count: algorithm.byteCount, initializingWith: fill)
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// A fresh random key from OpenSSL's generator.
    ///
    /// TDES parity bits are left as they fall: nothing reads them.
    public static func random(_ algorithm: KeyAlgorithm) throws(EngineError) -> SymmetricKey {
        let source = SystemRandom()
        return try SymmetricKey(algorithm: algorithm) { memory throws(EngineError) in try source.fill(memory) }
    }

    /// The clear bytes, for a token that is to keep the key.
    @_spi(Engine) public borrowing func withExposedBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try bytes.withExposedBytes(body)
    }

    /// The same key in a place of its own.
    func copy() -> SymmetricKey {
        bytes.withExposedBytes { key in SymmetricKey(algorithm: algorithm) { $0.copyMemory(from: key) } }
    }

    /// Whether both are the same key of the same algorithm, in constant time.
    public func isEqual(to other: borrowing SymmetricKey) -> Bool {
        algorithm == other.algorithm && bytes.isEqual(to: other.bytes)
    }
}
