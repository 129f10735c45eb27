/// What a key block says about its key in the clear, and protects with its authenticator.
///
/// Lengths, the count of optional blocks and the padding block are computed by the encoder: they are not here, so they
/// cannot be wrong. See ANSI X9.143:2021, 6.2 and 6.3.
public struct KeyBlockHeader: Hashable, Sendable {
    /// The protection of the block.
    public var version: KeyBlockVersion
    /// What the key is for.
    public var keyUsage: KeyUsage
    /// The algorithm that the key belongs to.
    public var algorithm: KeyBlockAlgorithm
    /// What may be done with the key.
    public var modeOfUse: ModeOfUse
    /// The version of the key, or which component it is.
    public var keyVersion: KeyVersionNumber
    /// Whether the receiver may hand the key on.
    public var exportability: Exportability
    /// Where the wrapped key is meant to be.
    public var context: KeyContext
    /// The optional blocks in their order, without the padding block.
    public var optionalBlocks: [OptionalBlock]

    /// A header; what is left out has its usual value, the mode of use that of the usage.
    public init(
        version: KeyBlockVersion, keyUsage: KeyUsage, algorithm: KeyBlockAlgorithm, modeOfUse: ModeOfUse? = nil,
        keyVersion: KeyVersionNumber = .notUsed, exportability: Exportability = .none,
        context: KeyContext = .byWrappingKey, optionalBlocks: [OptionalBlock] = []
    ) {
        self.version = version
        self.keyUsage = keyUsage
        self.algorithm = algorithm
        self.modeOfUse = modeOfUse ?? keyUsage.standardModeOfUse
        self.keyVersion = keyVersion
        self.exportability = exportability
        self.context = context
        self.optionalBlocks = optionalBlocks
    }

    /// The first optional block with this identifier.
    public func optionalBlock(_ id: OptionalBlock.Identifier) -> OptionalBlock? {
        optionalBlocks.first { $0.id == id }
    }
}
