import PaymentCrypto

/// Where the characters of a line go while it is typed.
protocol TypedLine: ~Copyable {
    /// How many bytes it holds.
    var count: Int { get }

    /// Adds a byte; false when the line is full.
    mutating func append(_ byte: UInt8) -> Bool

    /// Takes back the last character; false when there is none.
    mutating func removeLastCharacter() -> Bool
}

extension SecretLine: TypedLine {}

/// A line that may be seen, such as a name.
struct ShownLine: TypedLine {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ byte: UInt8) -> Bool {
        guard bytes.count < SecretLine.maximumByteCount else { return false }
        bytes.append(byte)
        return true
    }

    mutating func removeLastCharacter() -> Bool {
        guard !bytes.isEmpty else { return false }
        while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
        return true
    }
}
