import Testing

@testable import PaymentCrypto

extension SymmetricKey {
    private struct NoSuchKey: Error {}

    /// A test key from hexadecimal; `~Copyable` values cannot go through `#require`.
    static func test(_ text: String, isTDES: Bool) throws -> SymmetricKey {
        guard let key = SymmetricKey(text, isTDES: isTDES) else { throw NoSuchKey() }
        return key
    }

    /// A key of this algorithm whose bytes are made from `seed`; equal seeds give equal keys.
    static func seeded(_ algorithm: KeyAlgorithm, _ seed: UInt64) -> SymmetricKey {
        var generator = SeededGenerator(seed: seed)
        return SymmetricKey(algorithm: algorithm) { memory in
            for index in memory.indices { memory[index] = .random(in: 0...255, using: &generator) }
        }
    }
}
