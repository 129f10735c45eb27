/// The header of a template whose rows differ in serial number, key version and padding only: written out once, with the
/// places of what differs.
struct HeaderImage: Sendable {
    /// Header and optional blocks, lengths and counts included, with zeros for what differs.
    let text: [UInt8]
    /// Where the 16 digits of a row's serial number go.
    let serialNumber: Int?
    /// Where the random characters of the padding block go.
    let padding: Range<Int>

    /// Writes the headers of many rows.
    ///
    /// - Parameters:
    ///   - texts: row r begins at character r x `stride`, with room for ``text``.
    ///   - fill: for each row ``KeyBlockTemplate/fillByteCount`` random bytes; none where there is no padding.
    func write(
        _ count: Int, _ row: (Int) -> KeyBlockTemplate.Row, to texts: UnsafeMutablePointer<UInt8>, stride: Int,
        fill: UnsafeRawBufferPointer
    ) {
        text.withUnsafeBufferPointer { image in
            for index in 0..<count {
                let (row, target) = (row(index), texts + index * stride)
                var cursor = TextCursor(start: target)
                cursor.append(image)
                if let serialNumber { Hexadecimal.write(row.serialNumber, to: target + serialNumber) }
                KeyBlockTemplate.write(keyVersion: row.keyVersion, to: target)
                for place in padding {
                    let byte = fill[index * KeyBlockTemplate.fillByteCount + place - padding.lowerBound]
                    target[place] = KeyBlockTemplate.paddingCharacter(byte)
                }
            }
        }
    }
}

extension KeyBlockTemplate {
    /// The image of this template's headers; nil where rows differ in length, in a check value, or not at all within the
    /// limits.
    func makeImage(following: Int) -> HeaderImage? {
        var (end, serialNumbers) = (fixed.count, [Int]())
        for block in encodedBlocks {
            switch block {
            case .constant(let bytes): end += bytes.count
            case .initialKeySerialNumber, .initialKeyID:
                // Behind the ID and the length.
                serialNumbers.append(end + 4)
                if case .initialKeySerialNumber = block { end += 24 } else { end += 20 }
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
            text: Array(text[..<length]), serialNumber: serialNumbers.first,
            padding: min(end + 4, length)..<length)
    }
}
