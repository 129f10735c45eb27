/// Percent-encoding with the character sets of RFC 7512, 2.3.
enum PercentEncoding {
    /// What is wrong, with the position in the text that was given, counted from 0.
    enum Fault: Error, Equatable {
        case character(at: Int)
        case escape(at: Int)
    }

    /// The bytes that a value stands for; `isQuery` allows the few characters that only a query may have.
    static func decode(_ text: ArraySlice<UInt8>, isQuery: Bool) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.first {
            if byte == UInt8(ascii: "%") {
                let digits = rest.dropFirst().prefix(2).compactMap(digit)
                guard digits.count == 2 else { throw .escape(at: rest.startIndex) }
                bytes.append(digits[0] << 4 | digits[1])
                rest = rest.dropFirst(3)
            } else {
                guard isPlain(byte) || byte == UInt8(ascii: "&") && !isQuery || isQuery && queryOnly.contains(byte)
                else {
                    throw .character(at: rest.startIndex)
                }
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return bytes
    }

    /// Escapes what is not unreserved; identifiers in full, as tools write them, and paths with their slashes.
    static func encode(_ bytes: [UInt8], everyByte: Bool, keepingSlash: Bool) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            let isKept = isUnreserved(byte) || keepingSlash && (byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":"))
            if isKept && !everyByte {
                text.append(byte)
            } else {
                text += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let hexadecimal = Array("0123456789ABCDEF".utf8)
    private static let available = Set(":[]@!$'()*+,=".utf8)
    private static let queryOnly = Set("/?|".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool { isUnreserved(byte) || available.contains(byte) }

    /// RFC 3986, 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~".utf8.contains(byte)
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
