import SwiftASN1

/// The header of the key as a token has it, signed in the clear and again beside the key.
///
/// It is that of an X9.143 key block; version and length are written, and carry no meaning. The fields before them are
/// read as those of a key block are.
struct TR34Header: Hashable, Sendable {
    /// As it stands in the token.
    let text: [UInt8]
    /// What it says; of version D, since the one that is written means nothing.
    let header: KeyBlockHeader
    private let reserved: UInt8

    init(text: [UInt8]) throws(TR34Error) {
        do throws(KeyBlockError) {
            self = try TR34Header(parsing: text)
        } catch {
            throw .header(error)
        }
    }

    /// The text for a header and a key of this length.
    init(_ header: KeyBlockHeader, keyByteCount: Int) throws(TR34Error) {
        let blocks = header.optionalBlocks.map(Self.encode)
        let fields =
            "\(header.keyUsage)\(header.algorithm)\(header.modeOfUse)\(header.keyVersion)\(header.exportability)"
        let count = 16 + blocks.reduce(0) { $0 + $1.count }
        let whole = count + Self.followingCount(keyByteCount: keyByteCount)
        guard whole <= 9_999 else { throw .header(.tooLong(characters: whole)) }
        guard blocks.count <= 99 else { throw .header(.tooManyOptionalBlocks(blocks.count)) }
        let start = "D\(Self.decimal(whole, 4))\(fields)\(Self.decimal(blocks.count, 2))\(header.context)0"
        try self.init(text: Array(start.utf8) + blocks.joined())
    }

    /// What is not as X9.143 has it; nothing of it makes the token unreadable.
    var deviations: [KeyBlockDeviation] {
        HeaderRules.deviations(header, reserved: Character(Unicode.Scalar(reserved)))
            + header.optionalBlocks.flatMap { OptionalBlockRules.deviations($0, header: header) }
    }

    /// `Attribute ::= SEQUENCE { id-data, SET { OCTET STRING } }`, in the signed attributes and in the key block.
    var attribute: [UInt8] {
        SignedAttributes.attribute(DERIdentifier.data) { $0.primitive(.octetString, text) }
    }

    /// Whether it says the same as a header that was asked for; the version means nothing.
    func isSame(as other: KeyBlockHeader) -> Bool {
        var other = other
        other.version = header.version
        return header == other
    }

    /// The same without the outer tag and length.
    var attributeContents: [UInt8] {
        DERIdentifier.data + DEREncoding.element(DERTag.set, DEREncoding.octetString(text))
    }

    private init(parsing text: [UInt8]) throws(KeyBlockError) {
        guard (16...9999).contains(text.count) else { throw .unusableLength(found: text.count) }
        if let position = text.firstIndex(where: { !ASCII.isPrintable($0) }) {
            throw .notPrintable(position: position + 1)
        }
        // Samples have A, B and D here, and lengths up to 9999.
        let fixed = try FixedHeader(Array("D\(Self.decimal(text.count, 4))".utf8) + text[5...])
        var reader = OptionalBlockReader(text: text, position: 16)
        let blocks = try reader.read(count: fixed.optionalBlockCount).map(\.block)
        guard reader.position == text.count else {
            throw .lengthMismatch(declared: reader.position, found: text.count)
        }
        var seen: Set<OptionalBlock.Identifier> = []
        for block in blocks where !seen.insert(block.id).inserted { throw .duplicateOptionalBlock(block.id) }
        self.text = text
        header = fixed.header(optionalBlocks: blocks.filter { $0.id != .padding })
        reserved = fixed.reserved
    }

    /// The characters behind the header in a key block of version D: the key with its length in whole cipher blocks, the
    /// authenticator.
    private static func followingCount(keyByteCount: Int) -> Int {
        2 * ((2 + max(keyByteCount, 24) + 15) / 16 * 16 + 16)
    }

    private static func encode(_ block: OptionalBlock) -> [UInt8] {
        guard case .constant(let text) = EncodedBlock(.constant(block)) else { return [] }
        return text
    }

    private static func decimal(_ number: Int, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
