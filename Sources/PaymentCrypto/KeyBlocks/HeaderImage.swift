/// The header of rows that differ in serial number, key version and padding only: written out once, with the places of
/// what differs.
///
/// One owner: a workshop, which gives the memory back.
struct HeaderImage {
    /// Header and optional blocks, lengths and counts included, with zeros for what differs.
    private let text: UnsafeMutableBufferPointer<UInt8>
    /// Where the 16 digits of a row's serial number go.
    private let serialNumber: Int?
    /// Where the random characters of the padding block go.
    private let padding: Range<Int>
    /// Whether a row with a label has one optional block more, and so another header.
    private let takesLabels: Bool

    fileprivate init(_ text: ArraySlice<UInt8>, serialNumber: Int?, padding: Range<Int>, takesLabels: Bool) {
        self.text = .allocate(capacity: text.count)
        _ = self.text.initialize(from: text)
        self.serialNumber = serialNumber
        self.padding = padding
        self.takesLabels = takesLabels
    }

    func deallocate() { text.deallocate() }

    /// How many characters the header has.
    var count: Int { text.count }

    /// Whether rows need random bytes.
    var isPadded: Bool { !padding.isEmpty }

    /// Whether this is the row's header.
    @inline(__always)
    func fits(_ row: KeyBlockTemplate.Row) -> Bool { !takesLabels || row.label.isEmpty }

    /// Writes the header of one row.
    ///
    /// - Parameters:
    ///   - target: room for ``count`` characters.
    ///   - fill: ``KeyBlockTemplate/fillByteCount`` random bytes, which are not looked at where nothing is padded.
    @inline(__always)
    func write(_ row: KeyBlockTemplate.Row, to target: UnsafeMutablePointer<UInt8>, fill: UnsafeRawBufferPointer) {
        var cursor = TextCursor(start: target)
        cursor.append(UnsafeBufferPointer(text))
        if let serialNumber { Hexadecimal.write(row.serialNumber, to: target + serialNumber) }
        KeyBlockTemplate.write(keyVersion: row.keyVersion, to: target)
        for place in padding {
            target[place] = KeyBlockTemplate.paddingCharacter(fill[place - padding.lowerBound])
        }
    }
}

extension KeyBlockTemplate {
    /// The image of this template's headers; nil where rows differ in more, or their header is past the limits.
    func makeImage(following: Int) -> HeaderImage? {
        var (end, serialNumbers, takesLabels) = (fixed.count, [Int](), false)
        for block in encodedBlocks {
            switch block {
            case .constant(let bytes): end += bytes.count
            case .initialKeySerialNumber, .initialKeyID:
                // Behind the ID and the length.
                serialNumbers.append(end + 4)
                if case .initialKeySerialNumber = block { end += 24 } else { end += 20 }
            case .label(let pieces) where pieces.isEmpty: takesLabels = true
            case .keyCheckValue, .label, .text: return nil
            }
        }
        guard serialNumbers.count <= 1 else { return nil }
        var text = [UInt8](repeating: 0, count: maximumLength(longestDeviceID: 0, longestLabel: 0))
        let fill = [UInt8](repeating: 0, count: Self.fillByteCount)
        let length = text.withUnsafeMutableBufferPointer { text in
            fill.withUnsafeBytes { fill in
                text.baseAddress.flatMap { try? write(Row(), to: $0, following: following, fill: fill) }
            }
        }
        guard let length else { return nil }
        return HeaderImage(
            text[..<length], serialNumber: serialNumbers.first, padding: min(end + 4, length)..<length,
            takesLabels: takesLabels)
    }
}
