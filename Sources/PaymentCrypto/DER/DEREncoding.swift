/// Writes DER of what is no secret, from the inside out.
enum DEREncoding {
    /// An element: tag, length, and the parts one behind the other.
    static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] { element(tag, parts) }

    static func element(_ tag: UInt8, _ parts: [[UInt8]]) -> [UInt8] {
        let count = parts.reduce(0) { $0 + $1.count }
        var element: [UInt8] = []
        // A run writes many thousand of them: one allocation for each.
        element.reserveCapacity(count + 6)
        element.append(tag)
        appendLength(count, to: &element)
        for part in parts { element.append(contentsOf: part) }
        return element
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(DERTag.sequence, parts) }

    /// A positive INTEGER from its magnitude, big-endian.
    static func integer(_ magnitude: some Collection<UInt8>) -> [UInt8] {
        let digits = Array(magnitude.drop { $0 == 0 })
        let needsZero = digits.first.map { $0 >= 0x80 } ?? true
        return element(DERTag.integer, needsZero ? [0] : [], digits)
    }

    /// A BIT STRING of whole bytes.
    static func bitString(_ bytes: [UInt8]) -> [UInt8] { element(DERTag.bitString, [0], bytes) }

    static func octetString(_ bytes: [UInt8]) -> [UInt8] { element(DERTag.octetString, bytes) }

    /// The shortest form: one byte up to 127, otherwise how many bytes and these.
    static func length(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        appendLength(count, to: &bytes)
        return bytes
    }

    private static func appendLength(_ count: Int, to bytes: inout [UInt8]) {
        guard count >= 0x80 else { return bytes.append(UInt8(truncatingIfNeeded: count)) }
        let byteCount = (Int.bitWidth - count.leadingZeroBitCount + 7) / 8
        bytes.append(0x80 | UInt8(truncatingIfNeeded: byteCount))
        for index in (0..<byteCount).reversed() { bytes.append(UInt8(truncatingIfNeeded: count >> (8 * index))) }
    }
}
