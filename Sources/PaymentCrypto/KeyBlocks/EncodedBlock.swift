/// An optional block of a template with its constant text encoded once.
enum EncodedBlock: Sendable {
    case constant([UInt8])
    case initialKeySerialNumber
    case initialKeyID
    case keyCheckValue
    case label(default: [Piece])
    case text(id: [UInt8], [Piece])

    enum Piece: Sendable {
        case literal([UInt8])
        case deviceID
    }

    init(_ block: KeyBlockTemplate.Block) {
        switch block {
        case .constant(let block): self = .constant(Self.encode(id: block.id, data: Array(block.data.utf8)))
        case .initialKeySerialNumber: self = .initialKeySerialNumber
        case .initialKeyID: self = .initialKeyID
        case .keyCheckValue: self = .keyCheckValue
        case .label(let pieces): self = .label(default: pieces.map(Self.encode))
        case .text(let id, let pieces): self = .text(id: Array(id.description.utf8), pieces.map(Self.encode))
        }
    }

    /// Writes the block for one row; false where the row has nothing to write.
    func write(_ row: KeyBlockTemplate.Row, to cursor: inout TextCursor) -> Bool {
        switch self {
        case .constant(let bytes):
            cursor.append(bytes)
        case .initialKeySerialNumber:
            cursor.append("KS18")
            cursor.appendHexadecimal(row.serialNumber)
            cursor.append("0000")
        case .initialKeyID:
            cursor.append("IK14")
            cursor.appendHexadecimal(row.serialNumber)
        case .keyCheckValue:
            guard let checkValue = row.keyCheckValue else { return false }
            cursor.append(checkValue.method == .legacy ? "KC0C00" : "KC1001")
            cursor.append(checkValue)
        case .label(let pieces):
            guard row.label.count > 0 || !pieces.isEmpty else { return false }
            let id: StaticString = "LB"
            if row.label.count > 0 {
                Self.writeHead(UnsafeBufferPointer(start: id.utf8Start, count: 2), dataCount: row.label.count, &cursor)
                cursor.append(row.label)
            } else {
                Self.write(UnsafeBufferPointer(start: id.utf8Start, count: 2), pieces, row, to: &cursor)
            }
        case .text(let id, let pieces):
            id.withUnsafeBufferPointer { Self.write($0, pieces, row, to: &cursor) }
        }
        return true
    }

    func maximumLength(longestDeviceID: Int, longestLabel: Int) -> Int {
        // ID, and the longer form of the length.
        let head = 10
        return switch self {
        case .constant(let bytes): bytes.count
        case .initialKeySerialNumber, .initialKeyID, .keyCheckValue: 24
        case .label(let pieces): head + max(longestLabel, Self.dataCount(pieces, deviceIDCount: longestDeviceID))
        case .text(_, let pieces): head + Self.dataCount(pieces, deviceIDCount: longestDeviceID)
        }
    }

    private static func encode(_ piece: KeyBlockTemplate.TextPiece) -> Piece {
        switch piece {
        case .literal(let text): .literal(Array(text.utf8))
        case .deviceID: .deviceID
        }
    }

    private static func encode(id: OptionalBlock.Identifier, data: [UInt8]) -> [UInt8] {
        Array(unsafeUninitializedCapacity: data.count + 10) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            var cursor = TextCursor(start: start)
            Array(id.description.utf8).withUnsafeBufferPointer { writeHead($0, dataCount: data.count, &cursor) }
            cursor.append(data)
            count = cursor.count
        }
    }

    private static func write(
        _ id: UnsafeBufferPointer<UInt8>, _ pieces: [Piece], _ row: KeyBlockTemplate.Row, to cursor: inout TextCursor
    ) {
        writeHead(id, dataCount: dataCount(pieces, deviceIDCount: row.deviceID.count), &cursor)
        for piece in pieces {
            switch piece {
            case .literal(let bytes): cursor.append(bytes)
            case .deviceID: cursor.append(row.deviceID)
            }
        }
    }

    private static func dataCount(_ pieces: [Piece], deviceIDCount: Int) -> Int {
        pieces.reduce(0) { sum, piece in
            switch piece {
            case .literal(let bytes): sum + bytes.count
            case .deviceID: sum + deviceIDCount
            }
        }
    }

    /// ID and length: two digits up to 255 characters in all, otherwise `00`, `04` and four digits.
    ///
    /// The `04` counts hexadecimal characters, as X9.143:2021 8.5 and 8.6 print it (psec 1.3.0 writes `02`).
    private static func writeHead(_ id: UnsafeBufferPointer<UInt8>, dataCount: Int, _ cursor: inout TextCursor) {
        cursor.append(id)
        if dataCount + 4 <= 255 {
            cursor.appendHexadecimal(UInt8(truncatingIfNeeded: dataCount + 4))
        } else {
            let whole = dataCount + 10
            cursor.append("0004")
            cursor.appendHexadecimal(UInt8(truncatingIfNeeded: whole >> 8))
            cursor.appendHexadecimal(UInt8(truncatingIfNeeded: whole))
        }
    }
}
