/// Reads DER element by element: definite, shortest lengths, tags of one byte, and nothing that DER leaves open.
///
/// Valid as long as the buffer below it, which may hold a secret: nothing is copied. See X.690, 8.1 and 10.1.
struct DERReader {
    private var rest: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// How many bytes are left.
    var remainingCount: Int { rest.count }

    /// The contents of the next element if it has this tag, or nil.
    mutating func next(_ tag: UInt8) -> UnsafeRawBufferPointer? {
        guard rest.first == tag else { return nil }
        rest.removeFirst()
        guard let count = readLength(), count <= rest.count else { return nil }
        defer { rest.removeFirst(count) }
        return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
    }

    /// A reader inside the next element if it has this tag, or nil.
    mutating func enter(_ tag: UInt8) -> DERReader? { next(tag).map(DERReader.init) }

    /// The magnitude of the next element, an INTEGER above zero, without a leading zero byte; nil for anything else.
    mutating func nextPositiveInteger() -> UnsafeRawBufferPointer? {
        guard let bytes = next(DERTag.integer), let first = bytes.first else { return nil }
        if first != 0 { return first < 0x80 ? bytes : nil }
        guard bytes.count > 1, bytes[1] >= 0x80 else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[1...])
    }

    private mutating func readLength() -> Int? {
        guard let first = rest.popFirst() else { return nil }
        guard first >= 0x80 else { return Int(first) }
        let count = Int(first & 0x7F)
        guard (1...4).contains(count), rest.count >= count else { return nil }
        let length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        rest.removeFirst(count)
        // The shortest form is the only one: no leading zero, and nothing long that fits the short form.
        return length >= 0x80 && length >> (8 * (count - 1)) != 0 ? length : nil
    }
}

/// The tags that keys, certificates and requests are made of.
enum DERTag {
    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let utcTime: UInt8 = 0x17
    static let generalizedTime: UInt8 = 0x18
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    static func explicit(_ number: UInt8) -> UInt8 { 0xA0 | number }
}
