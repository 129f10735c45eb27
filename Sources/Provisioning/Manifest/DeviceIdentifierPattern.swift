/// A device_id cell: a name, or in a quantity row a name with a place for the device's number.
///
/// What it accepts is a safe file name: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, so it can neither leave a folder nor hide.
struct DeviceIdentifierPattern {
    /// The longest name.
    static let byteLimit = 64

    /// The bytes before the number, or the whole name.
    private let prefixCount: Int
    /// Where the bytes after the number begin; 0 where there is no number.
    private let suffixStart: Int
    /// The number's least width.
    private let width: Int

    /// Reads a cell; `quantity` is nil where the row gives none.
    init(_ cell: UnsafeBufferPointer<UInt8>, quantity: Int?) throws(DeviceIdentifierFault) {
        guard let first = cell.first else { throw .empty }
        var place: (start: Int, end: Int, width: Int)?
        var index = 0
        while index < cell.count {
            if quantity != nil, let number = Self.placeholder(in: cell, at: index) {
                guard place == nil else { throw .secondNumber(position: index + 1) }
                place = (index, number.end, number.width)
                index = number.end
                continue
            }
            guard Self.isPermitted(cell[index]) else { throw .character(position: index + 1, byte: cell[index]) }
            index += 1
        }
        if place?.start != 0, !Self.isAlphanumeric(first) { throw .firstCharacter(first) }
        guard let place else {
            if let quantity, quantity > 1 { throw .missingNumber(devices: quantity) }
            guard cell.count <= Self.byteLimit else { throw .tooLong(cell.count) }
            (prefixCount, suffixStart, width) = (cell.count, 0, 0)
            return
        }
        let longest = cell.count - (place.end - place.start) + max(place.width, Self.digitCount(quantity ?? 1))
        guard longest <= Self.byteLimit else { throw .tooLong(longest) }
        (prefixCount, suffixStart, width) = (place.start, place.end, place.width)
    }

    /// Writes the name of one of the row's devices, at most 64 bytes, and answers its length.
    func write(_ cell: UnsafeBufferPointer<UInt8>, ordinal: UInt32, to name: UnsafeMutablePointer<UInt8>) -> Int {
        for index in 0..<prefixCount { name[index] = cell[index] }
        guard suffixStart > 0 else { return prefixCount }
        let digits = max(width, Self.digitCount(Int(ordinal)))
        var number = ordinal
        for index in stride(from: prefixCount + digits - 1, through: prefixCount, by: -1) {
            name[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
            number /= 10
        }
        let suffixCount = cell.count - suffixStart
        for index in 0..<suffixCount { name[prefixCount + digits + index] = cell[suffixStart + index] }
        return prefixCount + digits + suffixCount
    }

    /// `{n}` or `{n:0W}` with a width of one digit.
    private static func placeholder(
        in cell: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> (end: Int, width: Int)? {
        guard cell[start] == UInt8(ascii: "{"), start + 2 < cell.count, cell[start + 1] == UInt8(ascii: "n") else {
            return nil
        }
        if cell[start + 2] == UInt8(ascii: "}") { return (start + 3, 1) }
        guard start + 5 < cell.count, cell[start + 2] == UInt8(ascii: ":"), cell[start + 3] == UInt8(ascii: "0"),
            cell[start + 4] >= UInt8(ascii: "1"), cell[start + 4] <= UInt8(ascii: "9"),
            cell[start + 5] == UInt8(ascii: "}")
        else { return nil }
        return (start + 6, Int(cell[start + 4] - UInt8(ascii: "0")))
    }

    private static func digitCount(_ number: Int) -> Int {
        var (count, rest) = (1, number / 10)
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    private static func isPermitted(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}

/// What is wrong with a device_id.
enum DeviceIdentifierFault: Error, Equatable, CustomStringConvertible {
    case empty
    case firstCharacter(UInt8)
    case character(position: Int, byte: UInt8)
    case tooLong(Int)
    case missingNumber(devices: Int)
    case secondNumber(position: Int)

    /// Expected and found.
    var description: String {
        switch self {
        case .empty: "expected 1 to 64 characters, found none"
        case .firstCharacter(let byte): "expected a letter or digit first, found \(ByteExcerpt(byte: byte))"
        case .character(let position, let byte):
            "expected letters, digits, '.', '_' or '-', found \(ByteExcerpt(byte: byte)) at character \(position)"
        case .tooLong(let found): "expected at most 64 characters, found \(found)"
        case .missingNumber(let devices): "expected {n} or {n:06} in a row of \(devices) devices, found neither"
        case .secondNumber(let position): "expected one number, found a second at character \(position)"
        }
    }
}
