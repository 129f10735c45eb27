/// An optional block as it stood in the text.
struct ReadOptionalBlock {
    /// How its length was written.
    enum LengthForm {
        /// Two digits.
        case short
        /// `00`, `04`, four digits: the second pair counts hexadecimal characters. X9.143:2021, examples 8.5 and 8.6.
        case extended
        /// `00`, `02`, four digits, as psec up to 1.3.0 writes it: the second pair counts bytes.
        case extendedInBytes
    }

    let block: OptionalBlock
    /// Identifier, length and data, in characters.
    let length: Int
    let form: LengthForm
}

/// Reads optional blocks one after the other; every length is checked against what is there before it is used.
///
/// See ANSI X9.143:2021, 6.2, table 1 and 6.3.6.
struct OptionalBlockReader {
    private let text: [UInt8]
    private(set) var position: Int

    init(text: [UInt8], position: Int) {
        self.text = text
        self.position = position
    }

    mutating func read(count: Int) throws(KeyBlockError) -> [ReadOptionalBlock] {
        var blocks: [ReadOptionalBlock] = []
        for index in 0..<count {
            do throws(OptionalBlockFault) {
                blocks.append(try readBlock())
            } catch {
                throw .malformedOptionalBlock(index: index + 1, error)
            }
        }
        return blocks
    }

    private mutating func readBlock() throws(OptionalBlockFault) -> ReadOptionalBlock {
        let start = position
        let name = try take(2)
        guard let id = OptionalBlock.Identifier(String(decoding: name, as: UTF8.self)) else {
            throw .identifier(found: ASCII.quoted(name))
        }
        let (length, form) = try readLength()
        guard length >= position - start else { throw .length(found: ASCII.quoted(text[start..<position])) }
        let available = text.count - start
        guard length <= available else { throw .beyondEnd(length: length, available: available) }
        let data = try take(length - (position - start))
        let block = OptionalBlock(id: id, checked: String(decoding: data, as: UTF8.self))
        return ReadOptionalBlock(block: block, length: length, form: form)
    }

    private mutating func readLength() throws(OptionalBlockFault) -> (Int, ReadOptionalBlock.LengthForm) {
        let short = try readNumber(digitCount: 2)
        guard short == 0 else { return (short, .short) }
        let start = position
        switch try readNumber(digitCount: 2) {
        case 4: return (try readNumber(digitCount: 4), .extended)
        case 2: return (try readNumber(digitCount: 4), .extendedInBytes)
        default: throw .length(found: "an extended one of " + ASCII.quoted(text[start..<position]) + " characters")
        }
    }

    private mutating func readNumber(digitCount: Int) throws(OptionalBlockFault) -> Int {
        let digits = try take(digitCount)
        guard let number = ASCII.upperCaseHexadecimal(digits) else { throw .length(found: ASCII.quoted(digits)) }
        return number
    }

    private mutating func take(_ count: Int) throws(OptionalBlockFault) -> ArraySlice<UInt8> {
        guard count <= text.count - position else { throw .cutShort }
        defer { position += count }
        return text[position..<position + count]
    }
}
