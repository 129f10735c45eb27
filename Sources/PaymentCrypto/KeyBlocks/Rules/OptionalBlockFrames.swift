/// The rules for the optional blocks as a whole, whatever is in them.
extension [ReadOptionalBlock] {
    private var length: Int { reduce(0) { $0 + $1.length } }

    /// What no importer lets pass: a block twice, padding that is not last, a misaligned whole.
    ///
    /// See ANSI X9.143:2021, 6.3.6.
    func checkFrame(version: KeyBlockVersion) throws(KeyBlockError) {
        var seen: Set<OptionalBlock.Identifier> = []
        for read in self where !seen.insert(read.block.id).inserted {
            throw .duplicateOptionalBlock(read.block.id)
        }
        if dropLast().contains(where: { $0.block.id == .padding }) { throw .paddingBlockNotLast }
        guard length.isMultiple(of: version.blockByteCount) else {
            throw .misalignedOptionalBlocks(length: length, multipleOf: version.blockByteCount)
        }
    }

    /// What is odd about lengths and padding.
    func deviations(version: KeyBlockVersion) -> [KeyBlockDeviation] {
        compactMap(\.lengthDeviation) + paddingDeviation(version: version)
    }

    private func paddingDeviation(version: KeyBlockVersion) -> [KeyBlockDeviation] {
        guard let padding = last, padding.block.id == .padding else { return [] }
        let others = length - padding.length
        let needed = Self.paddingLength(after: others, blockLength: version.blockByteCount)
        if padding.length == needed { return [] }
        let expected = needed == 0 ? "no padding" : "\(needed) characters"
        return [
            KeyBlockDeviation(
                .paddingLength, .strictOnly, in: .padding, "expected \(expected), found \(padding.length) characters")
        ]
    }

    /// How long a padding block has to be; nought where none is needed, else at least 4 characters.
    static func paddingLength(after others: Int, blockLength: Int) -> Int {
        let missing = (blockLength - others % blockLength) % blockLength
        return missing == 0 || missing >= 4 ? missing : missing + blockLength
    }
}

extension ReadOptionalBlock {
    fileprivate var lengthDeviation: KeyBlockDeviation? {
        switch form {
        case .short:
            nil
        case .extendedInBytes:
            KeyBlockDeviation(
                .extendedLengthForm, .strictOnly, in: block.id,
                "expected an extended length that begins with 0004, found 0002, which counts bytes")
        case .extended:
            // The short form has six characters less: neither the second pair nor the four digits.
            length - 6 > 0xFF
                ? nil
                : KeyBlockDeviation(
                    .extendedLengthNeed, .note, in: block.id,
                    "extended length although the short form could hold its \(length - 6) characters")
        }
    }
}
