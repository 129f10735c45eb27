extension SymmetricKey {
    /// The algorithm that counts for roles and strength: a three-key TDES key with K1 = K3 is a two-key one.
    ///
    /// Parity bits are not looked at, since the cipher does not: they would disguise a two-key key.
    public var effectiveAlgorithm: KeyAlgorithm {
        algorithm == .tdes3Key && isPartEqual(0, 2) ? .tdes2Key : algorithm
    }

    /// The same key in its shortest form: K1 K2 K1 as K1 K2, anything else as it is.
    func reduced() -> SymmetricKey {
        let effective = effectiveAlgorithm
        return bytes.withExposedBytes { key in
            SymmetricKey(algorithm: effective) { memory in
                memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: key[..<memory.count]))
            }
        }
    }

    /// A two-key TDES key as K1 K2 K1, for a token that knows no other form; anything else as it is.
    @_spi(Engine) public func expanded() -> SymmetricKey {
        guard algorithm == .tdes2Key else { return copy() }
        return bytes.withExposedBytes { key in
            SymmetricKey(algorithm: .tdes3Key) { memory in
                memory.copyMemory(from: key)
                UnsafeMutableRawBufferPointer(rebasing: memory[key.count...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: key[..<(memory.count - key.count)]))
            }
        }
    }
}
