import PaymentCrypto

/// The header of a key that has no key block here, as text.
struct HeaderMember: Codable, Sendable {
    var modeOfUse: String
    var keyVersion: String
    var exportability: String
    var optionalBlocks: [Block]

    struct Block: Codable, Sendable {
        var id: String
        var data: String
    }

    enum CodingKeys: String, CodingKey {
        case exportability
        case modeOfUse = "mode_of_use"
        case keyVersion = "key_version"
        case optionalBlocks = "optional_blocks"
    }

    init(_ header: KeyBlockHeader) {
        modeOfUse = header.modeOfUse.description
        keyVersion = header.keyVersion.description
        exportability = header.exportability.description
        optionalBlocks = header.optionalBlocks.map { Block(id: $0.id.description, data: $0.data) }
    }

    /// Nil where the text stands for no header.
    func header(usage: String, algorithm: KeyAlgorithm) -> KeyBlockHeader? {
        let blocks = optionalBlocks.compactMap { block in
            OptionalBlock.Identifier(block.id).flatMap { OptionalBlock($0, data: block.data) }
        }
        guard blocks.count == optionalBlocks.count, let usage = KeyUsage(usage), modeOfUse.count == 1,
            exportability.count == 1, let mode = modeOfUse.first.flatMap({ ModeOfUse($0) }),
            let version = KeyVersionNumber(keyVersion),
            let exportability = exportability.first.flatMap({ Exportability($0) })
        else { return nil }
        return KeyBlockHeader(
            version: .d, keyUsage: usage, algorithm: KeyBlockAlgorithm(algorithm), modeOfUse: mode,
            keyVersion: version, exportability: exportability, optionalBlocks: blocks)
    }
}
