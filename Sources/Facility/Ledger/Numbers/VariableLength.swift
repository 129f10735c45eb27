/// Numbers in as few bytes as they need: seven bits in each, the least significant first, the top bit set on all but the
/// last (LEB128).
enum VariableLength {
    /// Appends a number.
    @inline(__always)
    static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The number at `offset`, which is moved behind it; nil where there is none that fits in 64 bits.
    @inline(__always)
    static func read(_ bytes: [UInt8], _ offset: inout Int) -> UInt64? {
        bytes.withUnsafeBufferPointer { read($0, &offset) }
    }

    /// The same, of bytes that stay where they are.
    @inline(__always)
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int) -> UInt64? {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            let bits = UInt64(byte & 0x7F)
            guard shift < 63 || bits <= 1 else { return nil }
            number |= bits << shift
            // One way to write a number only: no zeros at its end.
            if byte < 0x80 { return byte == 0 && shift > 0 ? nil : number }
            shift += 7
            guard shift <= 63 else { return nil }
        }
        return nil
    }
}
