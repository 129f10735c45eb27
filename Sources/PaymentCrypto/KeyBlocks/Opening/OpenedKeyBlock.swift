/// A key block whose authenticator was right: the header can be trusted, and the key is there.
public struct OpenedKeyBlock: ~Copyable, Sendable {
    /// What the maker of the block says about the key; without the padding block.
    public let header: KeyBlockHeader
    /// What is not as X9.143 has it and was let pass.
    public let deviations: [KeyBlockDeviation]
    private let key: SecretBytes

    init(header: KeyBlockHeader, key: consuming SecretBytes, deviations: [KeyBlockDeviation]) {
        self.header = header
        self.deviations = deviations
        self.key = key
    }

    /// The number of bytes of the key, of whatever algorithm it is.
    public var keyByteCount: Int { key.count }

    /// The TDES or AES algorithm of the key, or nil for any other.
    public var keyAlgorithm: KeyAlgorithm? { KeyRules.symmetricAlgorithm(header.algorithm, byteCount: key.count) }

    /// The key itself, if it is a TDES or AES key of a usual length.
    public consuming func takeKey() throws(KeyBlockError) -> SymmetricKey {
        let (algorithm, byteCount) = (header.algorithm, key.count)
        guard let keyAlgorithm, let taken = SymmetricKey(algorithm: keyAlgorithm, bytes: takeKeyBytes()) else {
            throw .notSymmetricKey(algorithm: algorithm, byteCount: byteCount)
        }
        return taken
    }

    /// The key of whatever algorithm, for what is built on it inside this module.
    consuming func takeKeyBytes() -> SecretBytes { key }
}
