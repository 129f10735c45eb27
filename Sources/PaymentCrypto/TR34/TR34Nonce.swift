/// The random number of a two-pass token: 8 to 16 bytes, chosen by the receiver, used once.
public struct TR34Nonce: Hashable, Sendable {
    /// The bytes.
    public let bytes: [UInt8]

    /// How many bytes it may have.
    public static let byteCounts = 8...16

    /// 16 to 32 hexadecimal digits of either case; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// 8 to 16 bytes; nil for any other number.
    public init?(bytes: [UInt8]) {
        guard Self.byteCounts.contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    /// A fresh one of 8 bytes: with that length DER's order of the attributes is that of every profile.
    public static func random() throws(EngineError) -> TR34Nonce {
        var bytes = [UInt8](repeating: 0, count: 8)
        let filled = bytes.withUnsafeMutableBytes { memory in
            Result { () throws(EngineError) in try SystemRandom().fill(memory) }
        }
        try filled.get()
        return TR34Nonce(checked: bytes)
    }

    private init(checked bytes: [UInt8]) {
        self.bytes = bytes
    }
}

extension TR34Nonce: CustomStringConvertible {
    /// Upper-case hexadecimal.
    public var description: String { Hexadecimal.text(bytes) }
}
