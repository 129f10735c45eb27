/// A cell of the quantity column.
enum QuantityCell: Equatable {
    /// The cell is empty, so the row stands for one device.
    case notGiven
    /// The row stands for so many.
    case devices(Int)
    /// Not a decimal number.
    case notANumber
    /// Zero, or more than a manifest may have.
    case outOfRange

    init(_ text: UnsafeBufferPointer<UInt8>, limits: ManifestLimits) {
        guard !text.isEmpty else {
            self = .notGiven
            return
        }
        var value = 0
        for byte in text {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
                self = .notANumber
                return
            }
            // Stays where it is once it is too large, so that it cannot overflow.
            if value <= limits.deviceCount { value = value * 10 + Int(byte - UInt8(ascii: "0")) }
        }
        self = value >= 1 && value <= limits.deviceCount ? .devices(value) : .outOfRange
    }

    /// How many devices to make of the row; one where the cell is wrong.
    var deviceCount: Int {
        if case .devices(let count) = self { count } else { 1 }
    }
}
