extension SymmetricKey {
    /// The algorithm that counts for roles and strength: a three-key TDES key with K1 = K3 is a two-key one.
    public var effectiveAlgorithm: KeyAlgorithm {
        guard algorithm == .tdes3Key else { return algorithm }
        let firstIsThird = bytes.withExposedBytes { key in
            constantTimeEqual(
                UnsafeRawBufferPointer(rebasing: key[0..<8]), UnsafeRawBufferPointer(rebasing: key[16..<24]))
        }
        return firstIsThird ? .tdes2Key : .tdes3Key
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
