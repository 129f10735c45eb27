extension InitialKeyWorkshop {
    /// What a row takes at most: an AES-256 key in version E.
    public static let mostLockedByteCountPerRow = 160
}

extension InitialKeyWorkshop.Order {
    /// How much locked memory each row takes: the key, what it is derived and checked in, payload, chain and MAC.
    public func lockedByteCount(perRowOf algorithm: KeyAlgorithm) -> Int {
        let version = template.header.version
        let payload = KeyBlockPayload(algorithm, version: version, lengthObfuscation: lengthObfuscation)
        let block = version.blockByteCount
        let states = KeyBlockColumn.blocksAtOnce(version, payload) * block
        let derivation = KeyColumn.stride(of: algorithm) + (algorithm.isTDES ? algorithm.blockByteCount : 0)
        return derivation + algorithm.blockByteCount + payload.byteCount + states + block
    }

    /// How much the fast engine's ciphers take besides, however many rows there are: BDK, variant and check value, and
    /// the two keys of the key block.
    public func lockedByteCount(ofFastCiphersFor algorithm: KeyAlgorithm) -> Int {
        let derivation = algorithm.isTDES ? 3 : 0
        let keyBlock = template.header.version.blockByteCount == KeyAlgorithm.tdes2Key.blockByteCount ? 2 : 0
        return (derivation + keyBlock) * BitslicedEngine.mostLockedByteCountPerCipher
    }
}
