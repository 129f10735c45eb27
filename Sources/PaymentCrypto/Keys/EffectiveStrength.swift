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
}
