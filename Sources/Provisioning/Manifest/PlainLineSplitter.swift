/// Splits whole lines without a quote at their commas: there RFC 4180 has nothing else to say.
///
/// It looks at eight bytes at a time, once, and copies each line in one piece. At any line that has more to it (a quote,
/// nothing in it, no end, more bytes than a record may have, a carriage return that no line feed follows) it stops: such
/// a line is the record parser's.
struct PlainLineSplitter {
    private let source: UnsafeRawPointer
    private let sourceCount: Int
    private let recordByteLimit: Int
    /// How many bytes of the source have been taken.
    private(set) var consumed = 0
    /// How many fields the last line had.
    private(set) var fieldCount = 0
    /// Whether the last line is surely ASCII without NUL.
    private(set) var isPlainText = false

    init?(_ source: UnsafeBufferPointer<UInt8>, limits: ManifestLimits) {
        guard let start = source.baseAddress else { return nil }
        self.source = UnsafeRawPointer(start)
        sourceCount = source.count
        recordByteLimit = limits.recordByteCount
    }

    /// Takes the next line; where it is not a plain one, answers false with nothing done that counts.
    ///
    /// - Parameters:
    ///   - text: where its bytes go; room for the longest record and a byte.
    ///   - bounds: where `bounds[0]` says which place in the chunk that is, and the bounds of its fields go behind that.
    mutating func next(text: UnsafeMutablePointer<UInt8>, bounds: UnsafeMutablePointer<UInt32>) -> Bool {
        let line = source + consumed
        // With its line feed; of more bytes than that no bound is kept.
        let limit = min(sourceCount - consumed, recordByteLimit + 1)
        let first = bounds[0]
        var (field, index) = (0, 0)
        var (high, hasNUL): (UInt64, Bool) = (0, false)
        while index < limit {
            let word = Self.word(line + index, count: limit - index)
            high |= word
            var marks = Self.marks(word)
            while marks != 0 {
                let place = index + marks.trailingZeroBitCount / 8
                marks &= marks &- 1
                switch line.load(fromByteOffset: place, as: UInt8.self) {
                case UInt8(ascii: ","):
                    field += 1
                    bounds[field] = first &+ UInt32(truncatingIfNeeded: place + 1)
                case UInt8(ascii: "\n"):
                    isPlainText = high & Self.tops == 0 && !hasNUL
                    return end(line, at: place, field + 1, text, bounds)
                case UInt8(ascii: "\r"):
                    let next = place + 1
                    guard next < limit, line.load(fromByteOffset: next, as: UInt8.self) == UInt8(ascii: "\n") else {
                        return false
                    }
                case UInt8(ascii: "\""): return false
                case 0: hasNUL = true
                default: break
                }
            }
            index += 8
        }
        return false
    }

    /// Ends the line at its line feed.
    private mutating func end(
        _ line: UnsafeRawPointer, at place: Int, _ fieldCount: Int, _ text: UnsafeMutablePointer<UInt8>,
        _ bounds: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        let hasReturn = place > 0 && line.load(fromByteOffset: place - 1, as: UInt8.self) == UInt8(ascii: "\r")
        let count = hasReturn ? place - 1 : place
        guard count > 0 else { return false }
        // The byte of the line end stands where a comma stands behind the other fields.
        UnsafeMutableRawPointer(text).copyMemory(from: line, byteCount: count + 1)
        bounds[fieldCount] = bounds[0] &+ UInt32(truncatingIfNeeded: count + 1)
        self.fieldCount = fieldCount
        consumed += place + 1
        return true
    }

    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// Eight bytes, the first one lowest; DEL, which means nothing, in place of those behind the end.
    @inline(__always)
    private static func word(_ bytes: UnsafeRawPointer, count: Int) -> UInt64 {
        if count >= 8 { return UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) }
        var word: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        for index in stride(from: count - 1, through: 0, by: -1) {
            word = word << 8 | UInt64(bytes.load(fromByteOffset: index, as: UInt8.self))
        }
        return word
    }

    /// Marks the top bit of each byte up to the comma, the greatest of those that mean something.
    @inline(__always)
    private static func marks(_ word: UInt64) -> UInt64 {
        ~((word | tops) &- 0x2D2D_2D2D_2D2D_2D2D) & ~word & tops
    }
}
