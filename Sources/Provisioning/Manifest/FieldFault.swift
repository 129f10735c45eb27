/// What can be wrong with a field of any column, an ignored one too.
enum FieldFault: Equatable {
    /// Longer than the limit.
    case tooLong(Int)
    /// A NUL, which some program would take for the end.
    case hasNUL(position: Int)
    /// Not UTF-8.
    case notUTF8

    /// Looks a field over; nil when it is text.
    init?(_ field: UnsafeBufferPointer<UInt8>, limits: ManifestLimits) {
        if field.count > limits.fieldByteCount {
            self = .tooLong(field.count)
        } else if let place = field.firstIndex(of: 0) {
            self = .hasNUL(position: place + 1)
        } else if String(validating: field, as: UTF8.self) == nil {
            self = .notUTF8
        } else {
            return nil
        }
    }

    /// Expected and found.
    func message(limits: ManifestLimits) -> String {
        switch self {
        case .tooLong(let found): "expected at most \(limits.fieldByteCount) bytes, found \(found)"
        case .hasNUL(let position): "byte \(position) is NUL, expected text"
        case .notUTF8: "expected UTF-8, found other bytes"
        }
    }

    /// Whether all fields that lie one after the other in memory are surely ASCII without NUL, eight bytes at a time.
    static func isPlain(_ text: UnsafePointer<UInt8>, count: Int) -> Bool {
        var high: UInt64 = 0
        var zero: UInt64 = 0
        let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        var index = 0
        while index + 8 <= count {
            let word = UnsafeRawPointer(text + index).loadUnaligned(as: UInt64.self)
            high |= word
            // Marks a zero byte; may mark more where a zero byte is near, and never misses one.
            zero |= (word &- ones) & ~word
            index += 8
        }
        while index < count {
            let byte = UInt64(text[index])
            high |= byte
            zero |= byte == 0 ? tops : 0
            index += 1
        }
        return (high | zero) & tops == 0
    }
}
