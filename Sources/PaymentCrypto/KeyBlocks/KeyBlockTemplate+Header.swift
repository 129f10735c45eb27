extension KeyBlockTemplate {
    /// One device's header by itself, for a transport that carries it in another way than a key block does.
    ///
    /// - Throws: `.notPrintable` of an optional block whose text a row has filled with something else than printable
    ///   ASCII.
    public func header(for row: Row) throws(HeaderOptionError) -> KeyBlockHeader {
        var header = header
        if row.keyVersion.count == 2, let version = KeyVersionNumber(Self.text(row.keyVersion)) {
            header.keyVersion = version
        }
        header.optionalBlocks = []
        for block in blocks {
            if let filled = try Self.fill(block, row) { header.optionalBlocks.append(filled) }
        }
        return header
    }

    /// A block for one row; nil where the row has nothing to write.
    private static func fill(_ block: Block, _ row: Row) throws(HeaderOptionError) -> OptionalBlock? {
        switch block {
        case .constant(let constant): return constant
        case .initialKeySerialNumber:
            return .initialKeySerialNumber(InitialKeySerialNumber(family: .tdes, leading: row.serialNumber))
        case .initialKeyID:
            return .initialKeySerialNumber(InitialKeySerialNumber(family: .aes, leading: row.serialNumber))
        case .keyCheckValue: return row.keyCheckValue.map { .keyCheckValue($0) }
        case .label(let pieces):
            guard row.label.count > 0 || !pieces.isEmpty else { return nil }
            return try make(.label, row.label.count > 0 ? text(row.label) : text(pieces, row))
        case .text(let id, let pieces): return try make(id, text(pieces, row))
        }
    }

    private static func make(
        _ id: OptionalBlock.Identifier, _ data: String
    ) throws(HeaderOptionError) -> OptionalBlock {
        guard let block = OptionalBlock(id, data: data) else { throw .notPrintable(id) }
        return block
    }

    private static func text(_ pieces: [TextPiece], _ row: Row) -> String {
        pieces.map { piece in
            switch piece {
            case .literal(let literal): literal
            case .deviceID: text(row.deviceID)
            }
        }.joined()
    }

    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
