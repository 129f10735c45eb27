/// Takes bytes, texts and numbers from memory that may hold anything; nil where it has no more.
struct ByteCursor {
    private let source: UnsafeBufferPointer<UInt8>
    private(set) var offset: Int

    /// - Parameter offset: at most as many bytes as there are.
    init(_ source: UnsafeBufferPointer<UInt8>, at offset: Int) {
        (self.source, self.offset) = (source, offset)
    }

    @inline(__always)
    mutating func byte() -> UInt8? {
        guard offset < source.count else { return nil }
        defer { offset += 1 }
        return source[offset]
    }

    @inline(__always)
    mutating func bytes(_ count: Int) -> UnsafeBufferPointer<UInt8>? {
        guard count >= 0, source.count - offset >= count else { return nil }
        defer { offset += count }
        return UnsafeBufferPointer(rebasing: source[offset..<offset + count])
    }

    @inline(__always)
    mutating func number() -> UInt64? { VariableLength.read(source, &offset) }
}
