/// The clear parts of a key block in words, for people; no key is needed, and nothing in it is authentic.
public struct KeyBlockInspection: Sendable, Equatable {
    /// One field: what it is, what stands there, what that means.
    public struct Item: Sendable, Equatable {
        /// A stable name in snake case, or an optional block's identifier.
        public let name: String
        /// What the field or block is, in words.
        public let title: String
        /// What stands in the block.
        public let code: String
        /// What that means, in words.
        public let meaning: String
    }

    /// The fields of the header in their order.
    public let header: [Item]
    /// The optional blocks in their order, padding included.
    public let optionalBlocks: [Item]
    /// The number of bytes in the encrypted part: the key, its length and padding.
    public let payloadByteCount: Int
    /// The authenticator in upper-case hexadecimal.
    public let authenticator: String
    /// What is not as X9.143 has it, as far as that shows without a key.
    public let findings: [KeyBlockDeviation]

    /// Puts a block's clear parts in words.
    public init(_ block: UnverifiedKeyBlock) {
        header = Self.fields(block)
        optionalBlocks = Self.items(of: block.optionalBlocks)
        payloadByteCount = block.payloadByteCount
        authenticator = block.authenticatorText
        findings = block.deviations
    }

    /// What a header says in whatever carries it, without lengths and counts.
    public static func fields(of header: KeyBlockHeader) -> [Item] {
        let usage = header.keyUsage
        return [
            item(.keyUsage, "\(usage)", usage.meaning ?? (usage.isProprietary ? "proprietary" : "unknown")),
            item(.algorithm, "\(header.algorithm)", header.algorithm.meaning ?? "proprietary"),
            item(.modeOfUse, "\(header.modeOfUse)", header.modeOfUse.meaning),
            item(.keyVersion, "\(header.keyVersion)", header.keyVersion.meaning),
            item(.exportability, "\(header.exportability)", header.exportability.meaning),
        ]
    }

    /// Optional blocks in words.
    public static func items(of blocks: [OptionalBlock]) -> [Item] { blocks.map(item) }

    /// X9.143:2021, 6.2, table 1, in its order.
    private static func fields(_ block: UnverifiedKeyBlock) -> [Item] {
        let header = block.header
        let length = String(decoding: block.authenticatedText[1..<5], as: UTF8.self)
        let count = String(decoding: block.authenticatedText[12..<14], as: UTF8.self)
        let reserved = block.reservedCharacter
        return [
            item(.version, "\(header.version)", header.version.meaning),
            item(.length, length, "\(block.declaredLength) characters"),
        ] + fields(of: header) + [
            item(.optionalBlockCount, count, block.optionalBlocks.isEmpty ? "none" : "\(block.optionalBlocks.count)"),
            item(.keyContext, "\(header.context)", header.context.meaning),
            item(.reserved, "\(reserved)", reserved == "0" ? "as it should be" : "unknown"),
        ]
    }

    private static func item(_ field: KeyBlockField, _ code: String, _ meaning: String) -> Item {
        let name = String(field.rawValue.map { $0 == " " ? "_" : $0 })
        return Item(name: name, title: field.rawValue, code: code, meaning: meaning)
    }

    private static func item(_ block: OptionalBlock) -> Item {
        let words = (try? OptionalBlockContents(block)).map { $0.words(in: block) }
        return Item(
            name: "\(block.id)", title: block.id.meaning ?? "not in the standard", code: block.data,
            meaning: words ?? "cannot be read, see the findings")
    }
}

extension KeyBlockVersion {
    /// The protection in words.
    public var meaning: String {
        switch self {
        case .a: "variants of a TDES key, 4-byte MAC (deprecated)"
        case .b: "keys derived from a TDES key, CBC and CMAC"
        case .c: "variants of a TDES key, 4-byte MAC, TR-31:2010 (deprecated)"
        case .d: "keys derived from an AES key, CBC and CMAC"
        case .e: "keys derived from an AES key, CTR and CMAC"
        }
    }
}
