import PaymentCrypto

/// Bytes of an input file as a message may show them.
///
/// Nothing that a terminal would obey, nothing long, and nothing that might be a key in the wrong column.
struct TextExcerpt: CustomStringConvertible {
    /// The text in quotes, or why it is not shown.
    let description: String

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let isHexadecimal = bytes.count >= 16 && bytes.allSatisfy { Hexadecimal.value(of: $0) != nil }
        if isHexadecimal {
            description = "\(bytes.count) hexadecimal digits (not shown)"
        } else {
            description =
                "'\(Self.printable(bytes.prefix(Self.byteLimit)))\(bytes.count > Self.byteLimit ? "..." : "")'"
        }
    }

    init(_ text: String) {
        var text = text
        self = text.withUTF8 { TextExcerpt($0) }
    }

    /// A name as it is where a message can show it so, and quoted with its odd characters spelled out where not.
    static func plainOrQuoted(_ name: String) -> String {
        let isPlain = name.utf8.count <= byteLimit && name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        return isPlain ? name : TextExcerpt(name).description
    }

    private static let byteLimit = 64

    private static func printable(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            if byte >= 0x20, byte < 0x7F {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "\\x" + Hexadecimal.text([byte])
            }
        }
        return text
    }
}

/// One byte as a message may show it.
struct ByteExcerpt: CustomStringConvertible {
    let byte: UInt8

    var description: String {
        byte > 0x20 && byte < 0x7F
            ? "'\(Unicode.Scalar(byte))'" : byte == 0x20 ? "a blank" : "byte \(Hexadecimal.text([byte]))"
    }
}
