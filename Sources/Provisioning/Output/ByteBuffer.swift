import PaymentCrypto

/// Text of one chunk that grows in memory of its own and is used again for the next chunk.
///
/// One owner at a time: the stage that has the chunk.
final class ByteBuffer {
    private var storage: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// How many bytes there are.
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        storage = .allocate(capacity: self.capacity)
    }

    deinit {
        storage.deallocate()
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage, count: count) }

    var characters: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: storage, count: count) }

    func removeAll() { count = 0 }

    /// Room for `more` bytes behind the last one; ``advance(by:)`` tells how many were written.
    @inline(__always)
    func reserve(_ more: Int) -> UnsafeMutablePointer<UInt8> {
        if count + more > capacity { grow(by: more) }
        return storage + count
    }

    @inline(__always)
    func advance(by written: Int) { count += written }

    @inline(__always)
    func append(_ byte: UInt8) {
        reserve(1).pointee = byte
        count += 1
    }

    @inline(__always)
    func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard let source = text.baseAddress else { return }
        reserve(text.count).update(from: source, count: text.count)
        count += text.count
    }

    @inline(__always)
    func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Text that is written rarely.
    func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    func append(decimal number: Int) {
        if number >= 10 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    func append(_ checkValue: CheckValue) {
        count += checkValue.write(to: reserve(16))
    }

    func append(_ serialNumber: InitialKeySerialNumber) {
        serialNumber.write(to: reserve(24))
        count += InitialKeySerialNumber.digitCount(serialNumber.family)
    }

    /// A CSV field, quoted only where RFC 4180 needs it.
    func append(csv field: UnsafeBufferPointer<UInt8>) {
        guard field.needsQuotes else { return append(field) }
        append(UInt8(ascii: "\""))
        for byte in field {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }

    func append(csv field: String) {
        var field = field
        field.withUTF8 { append(csv: $0) }
    }

    /// The inside of a JSON string, RFC 8259 7; the text is UTF-8 already.
    func append(json text: UnsafeBufferPointer<UInt8>) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0..<0x20:
                append("\\u00")
                append(Self.hexadecimalDigits[Int(byte >> 4)])
                append(Self.hexadecimalDigits[Int(byte & 0x0F)])
            default:
                append(byte)
            }
        }
    }

    private static let hexadecimalDigits = Array("0123456789abcdef".utf8)

    private func grow(by more: Int) {
        let wanted = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        larger.update(from: storage, count: count)
        storage.deallocate()
        storage = larger
        capacity = wanted
    }
}
