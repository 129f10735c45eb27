/// What was asked for the header of a key block; nil is not given.
public struct HeaderOptions: Sendable, Hashable {
    /// What may be done with the key.
    public var modeOfUse: ModeOfUse?
    /// Whether the receiver may hand the key on.
    public var exportability: Exportability?
    /// Whether initial keys may have S and E.
    public var allowsExportable = false
    /// Two characters.
    public var keyVersion: KeyVersionNumber?
    /// B, D or E; where none is given, B under a TDES key and D under an AES key.
    public var keyBlockVersion: KeyBlockVersion?
    /// Further optional blocks in the order given.
    public var optionalBlocks: [OptionalBlockOption] = []
    /// Whether an initial key's block KS or IK is written, which it is where nothing is said.
    public var serialNumberBlock: Bool?
    /// Whether short keys are padded to the longest of their cipher, which they are where nothing is said.
    public var lengthObfuscation: Bool?

    /// Nothing asked for.
    public init() {}

    /// Whether nothing is asked for.
    public var isEmpty: Bool { self == HeaderOptions() }

    /// Whether the block KS or IK is written.
    public var includesSerialNumberBlock: Bool { serialNumberBlock ?? true }

    /// Whether short keys are padded.
    public var obfuscatesLength: Bool { lengthObfuscation ?? true }

    /// The version of key block under a key of this algorithm.
    public func keyBlockVersion(under wrapping: KeyAlgorithm) -> KeyBlockVersion {
        keyBlockVersion ?? .standard(under: wrapping)
    }

    /// These options, and for what they do not say those of `profile`.
    ///
    /// Of an optional block that both have, this value counts, in the profile's place.
    public func overriding(_ profile: HeaderOptions) -> HeaderOptions {
        var merged = profile
        merged.modeOfUse = modeOfUse ?? profile.modeOfUse
        merged.exportability = exportability ?? profile.exportability
        merged.allowsExportable = allowsExportable || profile.allowsExportable
        merged.keyVersion = keyVersion ?? profile.keyVersion
        merged.keyBlockVersion = keyBlockVersion ?? profile.keyBlockVersion
        merged.serialNumberBlock = serialNumberBlock ?? profile.serialNumberBlock
        merged.lengthObfuscation = lengthObfuscation ?? profile.lengthObfuscation
        merged.optionalBlocks =
            profile.optionalBlocks.map { block in optionalBlock(block.id) ?? block }
            + optionalBlocks.filter { profile.optionalBlock($0.id) == nil }
        return merged
    }

    /// The first block with this identifier.
    public func optionalBlock(_ id: OptionalBlock.Identifier) -> OptionalBlockOption? {
        optionalBlocks.first { $0.id == id }
    }

    /// Refuses an ID that is given twice.
    public func checkOptionalBlocks() throws(HeaderOptionError) {
        var seen: Set<OptionalBlock.Identifier> = []
        for option in optionalBlocks where !seen.insert(option.id).inserted { throw .duplicate(option.id) }
    }
}
