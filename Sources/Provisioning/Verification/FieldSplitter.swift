import PaymentCrypto

/// Takes apart one record of a table that a run wrote; quoted text is unquoted in place.
enum FieldSplitter {
    typealias Field = UnsafeBufferPointer<UInt8>

    /// The fields of a CSV record.
    ///
    /// - Returns: how many there are, at most `fields.count` of them kept; nil where a quote is where none belongs.
    static func split(
        _ record: UnsafeMutableBufferPointer<UInt8>, into fields: UnsafeMutableBufferPointer<Field>
    ) -> Int? {
        var (position, count) = (0, 0)
        while true {
            let field: Field
            if position < record.count, record[position] == quote {
                guard let (text, end) = unquote(record, from: position + 1) else { return nil }
                (field, position) = (text, end)
            } else {
                let start = position
                while position < record.count, record[position] != comma {
                    if record[position] == quote { return nil }
                    position += 1
                }
                field = Field(rebasing: record[start..<position])
            }
            if count < fields.count { fields[count] = field }
            count += 1
            if position == record.count { return count }
            guard record[position] == comma else { return nil }
            position += 1
        }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")

    /// The text of a quoted field that begins here, and the place behind its closing quote.
    private static func unquote(
        _ record: UnsafeMutableBufferPointer<UInt8>, from start: Int
    ) -> (Field, end: Int)? {
        var (read, written) = (start, start)
        while read < record.count {
            if record[read] == quote {
                guard read + 1 < record.count, record[read + 1] == quote else {
                    return (Field(rebasing: record[start..<written]), read + 1)
                }
                read += 1
            }
            record[written] = record[read]
            (read, written) = (read + 1, written + 1)
        }
        return nil
    }

    /// The values of a JSON object on one line, whose members are all strings with these names, in this order.
    ///
    /// - Returns: whether it is one, byte for byte as a run writes it.
    static func split(
        object line: UnsafeMutableBufferPointer<UInt8>, names: [StaticString],
        into fields: UnsafeMutableBufferPointer<Field>
    ) -> Bool {
        guard names.count <= fields.count else { return false }
        var position = 0
        for (index, name) in names.enumerated() {
            guard take(index == 0 ? "{\"" : ",\"", from: line, &position), take(name, from: line, &position),
                take("\":\"", from: line, &position), let (field, end) = unescape(line, from: position)
            else { return false }
            (fields[index], position) = (field, end)
        }
        return take("}", from: line, &position) && position == line.count
    }

    private static func take(
        _ text: StaticString, from line: UnsafeMutableBufferPointer<UInt8>, _ position: inout Int
    ) -> Bool {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard line.count - position >= expected.count else { return false }
        for index in expected.indices where line[position + index] != expected[index] { return false }
        position += expected.count
        return true
    }

    /// The text of a JSON string that begins here, and the place behind its closing quote.
    private static func unescape(
        _ line: UnsafeMutableBufferPointer<UInt8>, from start: Int
    ) -> (Field, end: Int)? {
        var (read, written) = (start, start)
        while read < line.count {
            var byte = line[read]
            if byte == quote { return (Field(rebasing: line[start..<written]), read + 1) }
            if byte == UInt8(ascii: "\\") {
                // Printable text has no other escapes.
                guard read + 1 < line.count, [quote, UInt8(ascii: "\\")].contains(line[read + 1]) else { return nil }
                (read, byte) = (read + 1, line[read + 1])
            }
            line[written] = byte
            (read, written) = (read + 1, written + 1)
        }
        return nil
    }
}
