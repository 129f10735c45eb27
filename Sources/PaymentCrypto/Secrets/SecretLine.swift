/// A line of secret text on its way in: bytes are put into it one by one, and none can be taken out again.
///
/// What it becomes (a `Passphrase`, a `KeyComponent`) is made inside this module, so that the code which reads the
/// terminal or a file never has the text in a `String`.
public struct SecretLine: ~Copyable {
    /// The longest line, line end not counted.
    public static let maximumByteCount = 1024

    /// How many bytes it holds, which is no secret.
    public private(set) var count = 0

    private let scratch = SecretScratch(byteCount: SecretLine.maximumByteCount)

    /// An empty line.
    public init() {}

    /// Adds one byte; false when the line is full.
    public mutating func append(_ byte: UInt8) -> Bool {
        guard count < Self.maximumByteCount else { return false }
        scratch.bytes[count] = byte
        count += 1
        return true
    }

    /// Takes back the last character, all bytes of it in UTF-8; false when there is none.
    @discardableResult
    public mutating func removeLastCharacter() -> Bool {
        guard count > 0 else { return false }
        repeat {
            count -= 1
        } while count > 0 && scratch.bytes[count] & 0xC0 == 0x80
        return true
    }

    /// Takes back the carriage return of a line that ended in CR LF.
    public mutating func removeCarriageReturn() {
        guard count > 0, scratch.bytes[count - 1] == UInt8(ascii: "\r") else { return }
        count -= 1
    }

    /// The line as text for everybody, such as a name; nil where it has so many hexadecimal digits in a row, blanks not
    /// counted, that it may be a component.
    public var text: String? {
        borrowing get {
            let bytes = scratch.bytes[..<count]
            var run = 0
            for byte in bytes where byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") {
                run = Hexadecimal.value(of: byte) == nil ? 0 : run + 1
                if run >= Self.fewestComponentDigits { return nil }
            }
            return String(decoding: UnsafeRawBufferPointer(rebasing: bytes), as: UTF8.self)
        }
    }

    /// Shorter than any component, so that one with a digit missing is told too; longer than any serial number.
    public static let fewestComponentDigits = 24

    /// The bytes, for a token's PIN.
    @_spi(Engine) public borrowing func withExposedBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeRawBufferPointer(rebasing: scratch.bytes[..<count]))
    }
}
