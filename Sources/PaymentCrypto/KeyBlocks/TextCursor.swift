/// A place in a text that is being written; the owner has made sure of the room.
struct TextCursor {
    private(set) var next: UnsafeMutablePointer<UInt8>
    private let start: UnsafeMutablePointer<UInt8>

    init(start: UnsafeMutablePointer<UInt8>) {
        self.start = start
        next = start
    }

    var count: Int { next - start }

    @inline(__always)
    mutating func append(_ character: UInt8) {
        next.pointee = character
        next += 1
    }

    @inline(__always)
    mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard let source = text.baseAddress else { return }
        next.update(from: source, count: text.count)
        next += text.count
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ text: [UInt8]) {
        text.withUnsafeBufferPointer { append($0) }
    }

    @inline(__always)
    mutating func appendHexadecimal(_ byte: UInt8) {
        append(Hexadecimal.digit(byte >> 4))
        append(Hexadecimal.digit(byte & 0x0F))
    }

    mutating func appendHexadecimal(_ number: UInt64) {
        Hexadecimal.write(number, to: next)
        next += 16
    }

    mutating func append(_ checkValue: CheckValue) {
        next += checkValue.write(to: next)
    }
}
