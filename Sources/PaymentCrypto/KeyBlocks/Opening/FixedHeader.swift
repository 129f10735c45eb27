/// The 16 characters that every key block begins with.
///
/// See ANSI X9.143:2021, 6.2, table 1.
struct FixedHeader {
    let version: KeyBlockVersion
    let keyUsage: KeyUsage
    let algorithm: KeyBlockAlgorithm
    let modeOfUse: ModeOfUse
    let keyVersion: KeyVersionNumber
    let exportability: Exportability
    let optionalBlockCount: Int
    let context: KeyContext
    let reserved: UInt8

    /// Reads the fields of a text that has at least 16 printable characters.
    init(_ text: [UInt8]) throws(KeyBlockError) {
        version = try Self.field(.version, text[0..<1], as: Self.character(KeyBlockVersion.init))
        let length = try Self.field(.length, text[1..<5]) { ASCII.decimal($0.utf8) }
        guard length == text.count else { throw .lengthMismatch(declared: length, found: text.count) }
        keyUsage = try Self.field(.keyUsage, text[5..<7]) { KeyUsage($0) }
        algorithm = try Self.field(.algorithm, text[7..<8], as: Self.character(KeyBlockAlgorithm.init))
        modeOfUse = try Self.field(.modeOfUse, text[8..<9], as: Self.character(ModeOfUse.init))
        keyVersion = try Self.field(.keyVersion, text[9..<11]) { KeyVersionNumber($0) }
        exportability = try Self.field(.exportability, text[11..<12], as: Self.character(Exportability.init))
        optionalBlockCount = try Self.field(.optionalBlockCount, text[12..<14]) { ASCII.decimal($0.utf8) }
        context = try Self.field(.keyContext, text[14..<15], as: Self.character(KeyContext.init))
        reserved = text[15]
    }

    func header(optionalBlocks: [OptionalBlock]) -> KeyBlockHeader {
        KeyBlockHeader(
            version: version, keyUsage: keyUsage, algorithm: algorithm, modeOfUse: modeOfUse, keyVersion: keyVersion,
            exportability: exportability, context: context, optionalBlocks: optionalBlocks)
    }

    private static func field<Value>(
        _ field: KeyBlockField, _ text: ArraySlice<UInt8>, as read: (String) -> Value?
    ) throws(KeyBlockError) -> Value {
        guard let value = read(String(decoding: text, as: UTF8.self)) else {
            throw .malformedField(field, found: ASCII.quoted(text))
        }
        return value
    }

    /// A field of one character.
    private static func character<Value>(_ read: @escaping (Character) -> Value?) -> (String) -> Value? {
        { text in text.first.flatMap(read) }
    }
}
