/// The text of a key block, taken apart without a key.
///
/// Nothing in it is authentic: anybody can have written it. Only ``KeyBlock/open(_:under:strictness:)`` says that a key
/// block is what its maker made.
public struct UnverifiedKeyBlock: Sendable, Hashable {
    /// What the block says about its key; without the padding block.
    public let header: KeyBlockHeader
    /// The length that the header declares, which is the number of characters.
    public let declaredLength: Int
    /// All optional blocks in their order, the padding block included.
    public let optionalBlocks: [OptionalBlock]
    /// The last character of the header, which the standard reserves.
    public let reservedCharacter: Character
    /// The number of bytes in the encrypted part: the key's length, the key, padding.
    public var payloadByteCount: Int { payload.count }
    /// The authenticator in upper-case hexadecimal, as it stands in the block.
    public var authenticatorText: String { Hexadecimal.text(mac) }

    /// Header and optional blocks exactly as they stand: the case of every character is under the authenticator.
    let authenticatedText: [UInt8]
    let payload: [UInt8]
    let mac: [UInt8]
    /// What is odd about the way the text is written.
    let textDeviations: [KeyBlockDeviation]

    /// Takes the text of a key block apart; nothing may stand around it, not even a line end.
    public init(_ text: some StringProtocol) throws(KeyBlockError) {
        try self.init(utf8: Array(text.utf8))
    }

    /// The same for bytes as they come from a file.
    public init(utf8 text: [UInt8]) throws(KeyBlockError) {
        // X9.143:2021, 6.2, table 1: four decimal digits hold the length, 9999 at most.
        guard (16...9999).contains(text.count) else { throw .unusableLength(found: text.count) }
        if let position = text.firstIndex(where: { !ASCII.isPrintable($0) }) {
            throw .notPrintable(position: position + 1)
        }
        let fixed = try FixedHeader(text)
        var reader = OptionalBlockReader(text: text, position: 16)
        let blocks = try reader.read(count: fixed.optionalBlockCount)
        try blocks.checkFrame(version: fixed.version)
        let body = text[reader.position...]
        let (payload, mac) = try Self.split(body, version: fixed.version)

        header = fixed.header(optionalBlocks: blocks.map(\.block).filter { $0.id != .padding })
        declaredLength = text.count
        optionalBlocks = blocks.map(\.block)
        reservedCharacter = Character(Unicode.Scalar(fixed.reserved))
        authenticatedText = Array(text[..<reader.position])
        self.payload = payload
        self.mac = mac
        textDeviations = blocks.deviations(version: fixed.version) + Self.caseDeviation(body)
    }

    /// The encrypted part and the authenticator, both in hexadecimal of either case.
    private static func split(
        _ body: ArraySlice<UInt8>, version: KeyBlockVersion
    ) throws(KeyBlockError) -> (payload: [UInt8], mac: [UInt8]) {
        let digitCount = body.count - 2 * version.macByteCount
        // A whole number of cipher blocks for CBC, of bytes for CTR; the shortest holds a length and one byte of key.
        let multiple = 2 * (version.isPaddedToBlocks ? version.blockByteCount : 1)
        let least = version.isPaddedToBlocks ? multiple : 6
        guard digitCount >= least, digitCount.isMultiple(of: multiple) else {
            throw .unusablePayload(found: max(digitCount, 0), multipleOf: multiple)
        }
        if let position = body.firstIndex(where: { Hexadecimal.value(of: $0) == nil }) {
            throw .notHexadecimal(position: position + 1)
        }
        let bytes = Hexadecimal.bytes(String(decoding: body, as: UTF8.self)) ?? []
        return (Array(bytes.dropLast(version.macByteCount)), Array(bytes.suffix(version.macByteCount)))
    }

    /// Apple's blocks have lower-case digits here; the value is the same.
    private static func caseDeviation(_ body: ArraySlice<UInt8>) -> [KeyBlockDeviation] {
        guard body.contains(where: { ASCII.isUpperCase($0 & ~0x20) && !ASCII.isUpperCase($0) }) else { return [] }
        return [KeyBlockDeviation(.upperCase, .note, "encrypted key or authenticator in lower-case hexadecimal")]
    }
}
