/// The text in a field of fixed length, as PKCS#11 pads it.
enum FieldText {
    /// A field of a C structure.
    static func of<Field: BitwiseCopyable>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { text(Array($0)) }
    }

    /// Without the blanks at the end; a module that ends it with a zero byte is understood, too.
    static func text(_ bytes: [UInt8]) -> String {
        let used = bytes.prefix { $0 != 0 }
        let end = used.lastIndex(where: { $0 != UInt8(ascii: " ") }).map { $0 + 1 } ?? used.startIndex
        return printable(String(decoding: used[..<end], as: UTF8.self))
    }

    /// A token could otherwise write to the terminal of whoever reads its name.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
}
