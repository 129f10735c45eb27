import PaymentCrypto

/// The grammars of the short optional columns; an empty cell is not given and is not asked about.
enum CellGrammar {
    /// `[A-Za-z0-9]{1,8}`.
    static func slotFault(_ cell: UnsafeBufferPointer<UInt8>) -> String? {
        guard cell.count <= 8 else { return "expected 1 to 8 letters or digits, found \(cell.count) characters" }
        return characterFault(cell, "letters or digits", DeviceIdentifierPattern.isAlphanumeric)
    }

    /// `[0-9A-Z]{2}`, X9.143:2021 6.2, key version number.
    static func keyVersionFault(_ cell: UnsafeBufferPointer<UInt8>) -> String? {
        guard cell.count == 2 else { return "expected 2 characters, digits or capital letters, found \(cell.count)" }
        return characterFault(cell, "digits or capital letters") { byte in
            DeviceIdentifierPattern.isAlphanumeric(byte) && byte < UInt8(ascii: "a")
        }
    }

    /// 8 to 16 bytes as hexadecimal digits, TR-34's random number.
    static func nonceFault(_ cell: UnsafeBufferPointer<UInt8>) -> String? {
        if let place = cell.firstIndex(where: { Hexadecimal.value(of: $0) == nil }) {
            return "character \(place + 1) is not a hexadecimal digit"
        }
        guard (16...32).contains(cell.count), cell.count.isMultiple(of: 2) else {
            return "expected 8 to 16 bytes as 16 to 32 hexadecimal digits, found \(cell.count)"
        }
        return nil
    }

    /// Printable ASCII that no spreadsheet takes for a formula; for model and label.
    static func freeTextFault(_ cell: UnsafeBufferPointer<UInt8>) -> String? {
        guard let first = cell.first else { return nil }
        guard cell.count <= 64 else { return "expected at most 64 characters, found \(cell.count)" }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"):
            return "must not begin with =, +, - or @, found \(ByteExcerpt(byte: first))"
        default:
            return characterFault(cell, "printable ASCII characters") { $0 >= 0x20 && $0 < 0x7F }
        }
    }

    private static func characterFault(
        _ cell: UnsafeBufferPointer<UInt8>, _ expected: String, _ isPermitted: (UInt8) -> Bool
    ) -> String? {
        guard let place = cell.firstIndex(where: { !isPermitted($0) }) else { return nil }
        return "expected \(expected), found \(ByteExcerpt(byte: cell[place])) at character \(place + 1)"
    }
}
