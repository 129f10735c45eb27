import PaymentCrypto

extension HeaderProfile {
    /// A profile as text, member by member; what it does not ask for is missing.
    struct Member: Codable, Sendable, Equatable {
        let name: String
        let modeOfUse: String?
        let exportability: String?
        let allowExportable: Bool?
        let keyVersion: String?
        let optionalBlocks: [String]?
        let keyBlockVersion: String?
        let lengthObfuscation: Bool?
        let ksnBlock: Bool?

        enum CodingKeys: String, CodingKey {
            case name, exportability
            case modeOfUse = "mode_of_use"
            case allowExportable = "allow_exportable"
            case keyVersion = "key_version"
            case optionalBlocks = "optional_blocks"
            case keyBlockVersion = "key_block_version"
            case lengthObfuscation = "length_obfuscation"
            case ksnBlock = "ksn_block"
        }
    }

    /// The profile as it is written.
    var member: Member {
        Member(
            name: name.description, modeOfUse: options.modeOfUse?.description,
            exportability: options.exportability?.description,
            allowExportable: options.allowsExportable ? true : nil, keyVersion: options.keyVersion?.description,
            optionalBlocks: options.optionalBlocks.isEmpty ? nil : options.optionalBlocks.map(\.description),
            keyBlockVersion: options.keyBlockVersion?.description, lengthObfuscation: options.lengthObfuscation,
            ksnBlock: options.serialNumberBlock)
    }

    /// Nil where the members are none that this tool writes.
    init?(_ member: Member) {
        guard let name = KeyName(member.name), let options = member.options else { return nil }
        self.init(name: name, options: options)
    }
}

extension HeaderProfile.Member {
    fileprivate var options: HeaderOptions? {
        var options = HeaderOptions()
        do {
            options.modeOfUse = try Self.parsed(modeOfUse) { Self.letter($0).flatMap { ModeOfUse($0) } }
            options.exportability = try Self.parsed(exportability) { Self.letter($0).flatMap { Exportability($0) } }
            options.keyVersion = try Self.parsed(keyVersion) { KeyVersionNumber($0) }
            options.keyBlockVersion = try Self.parsed(keyBlockVersion) { text in
                Self.letter(text).flatMap { KeyBlockVersion($0) }.flatMap { $0.canBeMade ? $0 : nil }
            }
            options.optionalBlocks = try (optionalBlocks ?? []).map { try OptionalBlockOption(argument: $0) }
            try options.checkOptionalBlocks()
        } catch {
            return nil
        }
        options.allowsExportable = allowExportable ?? false
        (options.lengthObfuscation, options.serialNumberBlock) = (lengthObfuscation, ksnBlock)
        return options
    }

    private struct Unreadable: Error {}

    /// Nil for what is missing, an error for what cannot be read.
    private static func parsed<Value>(_ text: String?, _ parse: (String) -> Value?) throws -> Value? {
        guard let text else { return nil }
        guard let value = parse(text) else { throw Unreadable() }
        return value
    }

    private static func letter(_ text: String) -> Character? { text.utf8.count == 1 ? text.first : nil }
}
