import PaymentCrypto

/// Text of an input file as a cell of a report: plain, on one line, and nothing that a spreadsheet computes.
enum ReportText {
    /// At most 64 characters of a cell, harmless, and nothing that might be a key in the wrong column.
    static func cell(_ field: UnsafeBufferPointer<UInt8>) -> String {
        // No serial number is as long as a key.
        guard field.count < 32 || field.contains(where: { Hexadecimal.value(of: $0) == nil }) else {
            return "\(field.count) hexadecimal digits (not shown)"
        }
        let text = harmless(readable(field))
        return text.count <= 64 ? text : text.prefix(64) + "..."
    }

    /// The text with a question mark for a first character that makes a spreadsheet compute (CWE-1236).
    static func harmless(_ text: String) -> String {
        guard let first = text.first, "=+-@".contains(first) else { return text }
        return "?" + text.dropFirst()
    }

    /// The text with a question mark for what is no printable character, so that the report stays plain text.
    static func readable(_ field: UnsafeBufferPointer<UInt8>) -> String {
        String(
            String.UnicodeScalarView(
                String(decoding: field, as: UTF8.self).unicodeScalars.map { scalar in
                    scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0xFFFD ? "?" : scalar
                }))
    }
}
