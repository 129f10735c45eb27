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
}
