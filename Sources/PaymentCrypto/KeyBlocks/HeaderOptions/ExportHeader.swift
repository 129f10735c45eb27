/// The header with which a key leaves: its own, with what was asked for in its place where that is more restrictive.
///
/// A plan, made of clear headers alone; the values that are computed come with the keys. See AWS's user guide, 'Export
/// keys', and docs/header-rules.md.
public struct ExportHeader: Sendable {
    /// The version of the key block.
    public var version: KeyBlockVersion { fields.version }

    private let fields: KeyBlockHeader
    /// What is written, in its order; a block without a value is computed.
    private let blocks: [OptionalBlockOption]
    /// What was asked for, which is refused where it is wrong; the key's own blocks are only remarked on.
    private let asked: Set<OptionalBlock.Identifier>
    private let obfuscatesLength: Bool

    /// Applies the rules to a key's own header and to what was asked for.
    ///
    /// - Parameters:
    ///   - own: the header that the key has where it is kept.
    ///   - options: what was asked for.
    ///   - wrapping: the algorithm of the key that it is to be wrapped under.
    /// - Throws: the first rule that is broken: exportability, mode of use, key version, optional blocks.
    public init(
        _ own: KeyBlockHeader, options: HeaderOptions, under wrapping: KeyAlgorithm
    ) throws(HeaderOptionError) {
        var fields = own
        fields.exportability = try Self.exportability(own.exportability, options.exportability)
        fields.modeOfUse = try Self.modeOfUse(own.modeOfUse, options.modeOfUse)
        fields.keyVersion = try Self.keyVersion(own.keyVersion, options.keyVersion)
        fields.version = options.keyBlockVersion(under: wrapping)
        fields.optionalBlocks = []
        self.fields = fields
        blocks = try Self.blocks(own.optionalBlocks, options)
        asked = Set(options.optionalBlocks.map(\.id))
        obfuscatesLength = options.obfuscatesLength
    }

    /// N stays where it is; S may become any, E itself or N.
    private static func exportability(
        _ own: Exportability, _ wished: Exportability?
    ) throws(HeaderOptionError) -> Exportability {
        if let wished, !own.permits(wished) { throw .widerExportability(own: own, found: wished) }
        guard own != .none else { throw .notExportable }
        return wished ?? own
    }

    private static func modeOfUse(_ own: ModeOfUse, _ wished: ModeOfUse?) throws(HeaderOptionError) -> ModeOfUse {
        guard let wished else { return own }
        guard own.permits(wished) else { throw .widerModeOfUse(own: own, found: wished) }
        return wished
    }

    /// A version restricts nothing, so any may be given; but a component of a key is no key.
    private static func keyVersion(
        _ own: KeyVersionNumber, _ wished: KeyVersionNumber?
    ) throws(HeaderOptionError) -> KeyVersionNumber {
        guard let wished else { return own }
        guard own == wished || !own.isComponent else { throw .component(own: own, found: wished) }
        return wished
    }

    // MARK: Optional blocks

    /// KS or IK, KC, KP, TS, LB, then the others: the key's own in their order, then those asked for in theirs.
    private static func blocks(
        _ own: [OptionalBlock], _ options: HeaderOptions
    ) throws(HeaderOptionError) -> [OptionalBlockOption] {
        try options.checkOptionalBlocks()
        let kept = own.filter { !ofTransport.contains($0.id) }
        var blocks = kept.map {
            $0.id == .keyCheckValue ? OptionalBlockOption(computed: $0.id) : OptionalBlockOption($0)
        }
        for option in options.optionalBlocks {
            if option.namesDevice { throw .noDevice(option.id) }
            guard option.pieces != nil || OptionalBlockOption.computed.contains(option.id) else {
                throw .missingValue(option.id)
            }
            guard let same = blocks.first(where: { $0.id == option.id }) else {
                blocks.append(option)
                continue
            }
            guard same == option else {
                throw .ownBlock(option.id, own: same.constantValue ?? "", found: option.constantValue ?? "")
            }
        }
        return ordered.flatMap { id in blocks.filter { $0.id == id } } + blocks.filter { !ordered.contains($0.id) }
    }

    /// What a header says about the key block that a key came in, and would be wrong about another one.
    private static let ofTransport: Set<OptionalBlock.Identifier> = [
        .protectionKeyCheckValue, .exportKeyCheckValue, .timeStamp, .padding,
    ]

    /// The blocks with a place of their own.
    private static let ordered: [OptionalBlock.Identifier] = [
        .keySerialNumber, .initialKeyID, .keyCheckValue, .protectionKeyCheckValue, .timeStamp, .label,
    ]

    // MARK: The finished header

    /// The header for a key that no other key wraps.
    public func header(of key: borrowing SymmetricKey, at time: KeyBlockTime) throws(EngineError) -> KeyBlockHeader {
        let checkValue = try key.checkValue()
        // No block asks for the second one: KP was refused.
        return header(Computed(keyCheckValue: checkValue, protectionKeyCheckValue: checkValue, time: time))
    }

    /// What the computed blocks hold.
    struct Computed {
        var keyCheckValue: CheckValue
        var protectionKeyCheckValue: CheckValue
        var time: KeyBlockTime
    }

    /// The whole header.
    func header(_ computed: Computed) -> KeyBlockHeader {
        var header = fields
        header.optionalBlocks = blocks.compactMap { block in
            switch (block.id, block.constantValue) {
            case (_, let value?): OptionalBlock(block.id, data: value)
            case (.keyCheckValue, nil): .keyCheckValue(computed.keyCheckValue)
            case (.protectionKeyCheckValue, nil): .protectionKeyCheckValue(computed.protectionKeyCheckValue)
            case (.timeStamp, nil): .timeStamp(computed.time)
            default: nil
            }
        }
        return header
    }

    /// Wraps a key with this header.
    ///
    /// KC and KP hold the check values of both keys, each by its algorithm's own method at full length.
    public func wrap(
        _ key: borrowing SymmetricKey, under protection: KeyBlockProtection, at time: KeyBlockTime
    ) throws(KeyBlockError) -> String {
        let computed: Computed
        do throws(EngineError) {
            computed = Computed(
                keyCheckValue: try key.checkValue(), protectionKeyCheckValue: try protection.checkValue(), time: time)
        } catch { throw .engine(error) }
        return try KeyBlock.wrap(
            key, header: header(computed), under: protection, lengthObfuscation: obfuscatesLength)
    }

    /// What X9.143 has to say about the header, tried on keys that are thrown away.
    ///
    /// - Returns: what is odd about what the key's own header brings, and about a mode of use that its usage does not have.
    /// - Throws: `.unfit` for a block that was asked for and does not suit the key, and for a header that is too long.
    public func tryOut(
        _ algorithm: KeyAlgorithm, under wrapping: KeyAlgorithm, at time: KeyBlockTime
    ) throws -> [KeyBlockDeviation] {
        let protection = KeyBlockProtection(try SymmetricKey.random(wrapping))
        let block: UnverifiedKeyBlock
        do throws(KeyBlockError) {
            block = try UnverifiedKeyBlock(try wrap(try Self.anyKey(algorithm), under: protection, at: time))
        } catch {
            switch error {
            case .tooLong, .tooManyOptionalBlocks: throw HeaderOptionError.unfit("\(error)")
            default: throw error
            }
        }
        let deviations = block.deviations
        if let fault = deviations.first(where: { $0.severity > .note && $0.block.map(asked.contains) ?? false }) {
            throw HeaderOptionError.unfit("\(fault)")
        }
        return deviations
    }

    private static func anyKey(_ algorithm: KeyAlgorithm) throws(KeyBlockError) -> SymmetricKey {
        do throws(EngineError) { return try SymmetricKey.random(algorithm) } catch { throw .engine(error) }
    }
}
