import PaymentCrypto

/// Header options that keep every rule, ready to become the template of any BDK and wrapping key.
struct HeaderPlan: Sendable {
    /// What was asked for, by options and profile together.
    let options: HeaderOptions
    /// The value of TS where it is computed: the start of the run.
    private let timeStamp: KeyBlockTime
    private let carrier: Carrier

    /// What a header travels in.
    enum Carrier: Sendable {
        /// A key block.
        case keyBlock
        /// A TR-34 token, which has no version, no length to hide and no wrapping key with a check value.
        case token
    }

    /// Whether short keys are padded to the longest of their cipher.
    var obfuscatesLength: Bool { options.obfuscatesLength }

    /// The further optional blocks that were asked for.
    var optionalBlocks: [OptionalBlockOption] { options.optionalBlocks }

    /// The version of key block that was asked for.
    var keyBlockVersion: KeyBlockVersion? { options.keyBlockVersion }

    /// Checks what does not depend on a key.
    init(
        _ options: HeaderOptions, for carrier: Carrier = .keyBlock, started: KeyBlockTime
    ) throws(HeaderOptionError) {
        if let mode = options.modeOfUse, mode != .deriveKeys { throw .modeOfUse(mode) }
        if let value = options.exportability, value != .none, !options.allowsExportable { throw .exportability(value) }
        try options.checkOptionalBlocks()
        // One serial number in every key block of a fleet would name the wrong device in all but one.
        for option in options.optionalBlocks where OptionalBlockOption.serialNumbers.contains(option.id) {
            throw .serialNumberBlock(option.id)
        }
        var options = options
        if carrier == .token {
            if options.optionalBlock(.protectionKeyCheckValue) != nil { throw .noProtectionKey }
            // A profile may well have them, for its other runs.
            (options.keyBlockVersion, options.lengthObfuscation) = (nil, nil)
        }
        self.options = options
        self.carrier = carrier
        timeStamp = started
    }

    /// The template of one pair of keys.
    func template(
        for algorithm: KeyAlgorithm, under wrapping: KeyAlgorithm, wrappingCheckValue: CheckValue
    ) -> KeyBlockTemplate {
        template(for: algorithm, version: options.keyBlockVersion(under: wrapping), wrappingCheckValue)
    }

    /// The template of the headers that tokens carry.
    func template(for algorithm: KeyAlgorithm) -> KeyBlockTemplate { template(for: algorithm, version: .d, nil) }

    private func template(
        for algorithm: KeyAlgorithm, version: KeyBlockVersion, _ wrappingCheckValue: CheckValue?
    ) -> KeyBlockTemplate {
        let header = KeyBlockHeader(
            version: version, keyUsage: .initialDUKPTKey,
            algorithm: KeyBlockAlgorithm(algorithm),
            modeOfUse: .deriveKeys, keyVersion: options.keyVersion ?? .notUsed,
            exportability: options.exportability ?? .none)
        return KeyBlockTemplate(
            header: header, blocks: blocks(for: algorithm, wrappingCheckValue: wrappingCheckValue))
    }

    /// Makes one key block under random keys of these algorithms and opens it strictly.
    ///
    /// - Throws: `ProvisioningError.header` where no receiver would take it, or where it could become too long.
    func tryOut(for algorithm: KeyAlgorithm, under wrapping: KeyAlgorithm) throws {
        let protection = KeyBlockProtection(try SymmetricKey.random(wrapping))
        let template = template(
            for: algorithm, under: wrapping, wrappingCheckValue: try protection.checkValue())
        let workshop = try InitialKeyWorkshop(
            bdk: BaseKeySource(try BaseDerivationKey(try SymmetricKey.random(algorithm))), protection: protection,
            order: InitialKeyWorkshop.Order(
                template: template, algorithm: algorithm, lengthObfuscation: options.obfuscatesLength),
            capacity: 1)
        do throws(KeyBlockError) { try workshop.tryOut(under: protection) } catch {
            switch error {
            case .ruleBroken(let deviation): throw ProvisioningError.header("\(deviation)")
            case .tooLong, .tooManyOptionalBlocks: throw ProvisioningError.header("\(error)")
            default: throw error
            }
        }
    }

    /// Makes one key block with the header of a token and opens it strictly.
    ///
    /// - Throws: what ``tryOut(for:under:)`` throws.
    func tryOut(for algorithm: KeyAlgorithm) throws { try tryOut(for: algorithm, under: .aes256) }

    /// KS or IK, KC, KP, TS, LB, then the others as given; PB is added at the end as each row is written.
    private func blocks(for algorithm: KeyAlgorithm, wrappingCheckValue: CheckValue?) -> [KeyBlockTemplate.Block] {
        var blocks: [KeyBlockTemplate.Block] = []
        if options.includesSerialNumberBlock {
            blocks.append(algorithm.isTDES ? .initialKeySerialNumber : .initialKeyID)
        }
        if options.optionalBlock(.keyCheckValue) != nil { blocks.append(.keyCheckValue) }
        if let wrappingCheckValue, options.optionalBlock(.protectionKeyCheckValue) != nil {
            blocks.append(.constant(.protectionKeyCheckValue(wrappingCheckValue)))
        }
        if let time = options.optionalBlock(.timeStamp) {
            blocks.append(time.pieces.map { .text(id: .timeStamp, $0) } ?? .constant(.timeStamp(timeStamp)))
        }
        // Always there: a manifest's label column fills it, and without one it is left out.
        blocks.append(.label(default: options.optionalBlock(.label)?.pieces ?? []))
        for option in options.optionalBlocks where !Self.ordered.contains(option.id) {
            blocks.append(.text(id: option.id, option.pieces ?? []))
        }
        return blocks
    }

    /// The blocks with a place of their own.
    private static let ordered: Set<OptionalBlock.Identifier> = [
        .keyCheckValue, .protectionKeyCheckValue, .timeStamp, .label,
    ]

    /// What `run.json` says of the header, for these wrapping keys.
    func record(for wrapping: [KeyAlgorithm]) -> RunRecord.Header {
        RunRecord.Header(
            modeOfUse: "X",
            keyBlockVersions: carrier == .token
                ? nil : Set(wrapping.map { options.keyBlockVersion(under: $0).description }).sorted(),
            keyVersion: (options.keyVersion ?? .notUsed).description,
            exportability: (options.exportability ?? Exportability.none).description,
            optionalBlocks: (options.includesSerialNumberBlock ? ["KS/IK"] : [])
                + options.optionalBlocks.map(\.id.description),
            lengthObfuscation: carrier == .token ? nil : options.obfuscatesLength)
    }
}
