@_spi(Engine) internal import PaymentCrypto

/// A token's user PIN on its way from a file or the terminal to the token.
struct TokenPIN: ~Copyable {
    /// More than any token takes.
    static let maximumByteCount = 255

    private let line: SecretLine

    /// Takes the line over; nil where it is empty or too long.
    init?(_ line: consuming SecretLine) {
        guard (1...Self.maximumByteCount).contains(line.count) else { return nil }
        self.line = line
    }

    /// Reads the first line of the file that a URI's `pin-source` names.
    init(source: String) throws(PINSourceError) {
        let file = try PINFile(source)
        guard let pin = TokenPIN(try file.readFirstLine()) else { throw .notAPIN(path: file.path) }
        self = pin
    }

    borrowing func withExposedBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try line.withExposedBytes(body)
    }
}
