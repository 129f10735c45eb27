import PaymentCrypto

/// A line of a CSV file that is being written into room that a ``ByteBuffer`` has reserved for it.
///
/// A value of its own, since a row has dozens of pieces and each of them would else look after the buffer's room.
struct LineCursor {
    private var next: UnsafeMutablePointer<UInt8>
    private let start: UnsafeMutablePointer<UInt8>

    /// The most that a cell takes in quotes.
    static func limit(ofQuoted field: UnsafeBufferPointer<UInt8>) -> Int { 2 * field.count + 2 }

    /// - Parameter start: where there is room for all of the line.
    init(start: UnsafeMutablePointer<UInt8>) {
        self.start = start
        next = start
    }

    /// How many bytes the line has.
    var count: Int { next - start }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        next.pointee = byte
        next += 1
    }

    /// Ends a cell.
    @inline(__always)
    mutating func appendComma() { append(UInt8(ascii: ",")) }

    @inline(__always)
    mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard let source = text.baseAddress else { return }
        next.update(from: source, count: text.count)
        next += text.count
    }

    @inline(__always)
    mutating func append(_ checkValue: CheckValue) { next += checkValue.write(to: next) }

    @inline(__always)
    mutating func append(_ serialNumber: InitialKeySerialNumber) {
        serialNumber.write(to: next)
        next += InitialKeySerialNumber.digitCount(serialNumber.family)
    }

    /// A number that is not negative.
    mutating func append(decimal number: Int) {
        var (digits, limit) = (1, 10)
        while digits < 19, number >= limit {
            digits += 1
            limit = limit &* 10
        }
        var rest = number
        for place in stride(from: digits - 1, through: 0, by: -1) {
            next[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        next += digits
    }

    /// A CSV field, quoted only where RFC 4180 needs it.
    @inline(__always)
    mutating func append(csv field: UnsafeBufferPointer<UInt8>) {
        if field.needsQuotes { appendQuoted(field) } else { append(field) }
    }

    private mutating func appendQuoted(_ field: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        for byte in field {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether RFC 4180 needs quotes round these bytes as a field.
    ///
    /// What needs them is as low in ASCII as a comma or lower, which few bytes of a field are: eight at a time are looked
    /// at for that alone.
    @inline(__always)
    var needsQuotes: Bool { hasBytesUpToComma && contains(where: Self.isSpecial) }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\r")
    }

    @inline(__always)
    private var hasBytesUpToComma: Bool {
        guard count >= 8, let start = UnsafeRawPointer(baseAddress) else {
            return contains { $0 <= UInt8(ascii: ",") }
        }
        var (found, offset): (UInt64, Int) = (0, 0)
        while offset < count {
            // The last eight may overlap those before.
            let word = start.loadUnaligned(fromByteOffset: Swift.min(offset, count - 8), as: UInt64.self)
            found |= (word &- 0x2D2D_2D2D_2D2D_2D2D) & ~word
            offset += 8
        }
        return found & 0x8080_8080_8080_8080 != 0
    }
}
