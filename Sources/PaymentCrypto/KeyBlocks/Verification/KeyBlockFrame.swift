/// Where the parts of a key block's text are, found without a key and without taking memory.
///
/// Only the form in which this library makes key blocks is known: versions B, D and E, lengths of optional blocks in
/// two digits or as `00`, `04` and four digits. Nothing in it is authentic.
public struct KeyBlockFrame: Sendable {
    /// Which protection it has.
    public let version: KeyBlockVersion
    /// How many characters come before the encrypted part.
    let headerLength: Int
    /// How many bytes the encrypted part has, without the authenticator.
    let payloadByteCount: Int

    /// Nil for anything that this library would not have made.
    public init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count >= 16, text.count <= 9_999, let version = KeyBlockVersion(rawValue: text[0]),
            version.canBeMade, ASCII.decimal(text[1..<5]) == text.count, let count = ASCII.decimal(text[12..<14])
        else { return nil }
        var blocks = OptionalBlockCursor(text, count: count)
        while blocks.next() != nil {}
        let digits = text.count - blocks.position - 2 * version.macByteCount
        guard blocks.isDone, blocks.position.isMultiple(of: version.blockByteCount), digits > 0,
            digits.isMultiple(of: version.isPaddedToBlocks ? 2 * version.blockByteCount : 2)
        else { return nil }
        self.version = version
        headerLength = blocks.position
        payloadByteCount = digits / 2
    }

    /// Whether the length of a short key is hidden, as the size of the encrypted part tells; nil for a size that no key
    /// of this algorithm has.
    public func hidesLength(of algorithm: KeyAlgorithm) -> Bool? {
        [true, false].first { hides in
            KeyBlockPayload(algorithm, version: version, lengthObfuscation: hides).byteCount == payloadByteCount
        }
    }
}

/// Goes through the optional blocks of a text, one after the other.
struct OptionalBlockCursor {
    /// An optional block where it stands.
    struct Place {
        /// The two characters, the first one in the upper byte.
        let id: UInt16
        let data: UnsafeBufferPointer<UInt8>
    }

    private let text: UnsafeBufferPointer<UInt8>
    private var left: Int
    /// Behind the last block that was read.
    private(set) var position = 16

    init(_ text: UnsafeBufferPointer<UInt8>, count: Int) {
        (self.text, left) = (text, count)
    }

    /// Whether all of them were read.
    var isDone: Bool { left == 0 }

    /// Nil at the end, and where a block goes beyond the text.
    mutating func next() -> Place? {
        guard left > 0, position + 4 <= text.count else { return nil }
        var headLength = 4
        guard var length = ASCII.upperCaseHexadecimal(text[(position + 2)..<(position + 4)]) else { return nil }
        if length == 0 {
            headLength = 10
            guard position + 10 <= text.count,
                ASCII.upperCaseHexadecimal(text[(position + 4)..<(position + 6)]) == 4,
                let long = ASCII.upperCaseHexadecimal(text[(position + 6)..<(position + 10)])
            else { return nil }
            length = long
        }
        guard length >= headLength, length <= text.count - position else { return nil }
        let id = UInt16(text[position]) << 8 | UInt16(text[position + 1])
        let data = UnsafeBufferPointer(rebasing: text[(position + headLength)..<(position + length)])
        position += length
        left -= 1
        return Place(id: id, data: data)
    }
}

extension OptionalBlock.Identifier {
    /// The two characters, the first one in the upper byte.
    var number: UInt16 {
        description.utf8.reduce(0) { $0 << 8 | UInt16($1) }
    }
}
