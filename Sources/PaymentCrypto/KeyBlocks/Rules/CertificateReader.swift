/// Reads the frame of the block CT: one certificate, or a chain of them; the certificates themselves are not judged.
///
/// See ANSI X9.143:2021, 6.3.6.3, tables 10 and 11, and the examples in 8.5 and 8.6.
enum CertificateReader {
    typealias Format = OptionalBlockContents.CertificateFormat

    /// `00` or `01` and a certificate, or `02` and a chain in which each one has its format and length.
    static func read(_ data: String) throws(OptionalBlockContentsError) -> [Format] {
        let text = Array(data.utf8)
        guard text.starts(with: "02".utf8) else { return [try readOne(text[...], length: text.count - 2)] }
        var rest = text.dropFirst(2)
        var formats: [Format] = []
        while !rest.isEmpty {
            guard let length = ASCII.upperCaseHexadecimal(rest.dropFirst(2).prefix(4)), rest.count >= 6 + length else {
                throw OptionalBlockContentsError(
                    expected: "format, length and certificate", found: "the end of the block or no length")
            }
            formats.append(try readOne(rest.prefix(2) + rest.dropFirst(6), length: length))
            rest = rest.dropFirst(6 + length)
        }
        guard !formats.isEmpty else { throw OptionalBlockContentsError(expected: "a certificate", found: "none") }
        return formats
    }

    /// Two characters of format, then the certificate.
    private static func readOne(
        _ text: ArraySlice<UInt8>, length: Int
    ) throws(OptionalBlockContentsError) -> Format {
        guard let format = Format(rawValue: String(decoding: text.prefix(2), as: UTF8.self)) else {
            throw OptionalBlockContentsError(expected: "format 00, 01 or 02", found: ASCII.quoted(text.prefix(2)))
        }
        let certificate = text.dropFirst(2).prefix(length)
        guard !certificate.isEmpty, format == .emv || isBase64(certificate) else {
            throw OptionalBlockContentsError(expected: "a certificate in base64", found: "something else")
        }
        return format
    }

    private static func isBase64(_ text: ArraySlice<UInt8>) -> Bool {
        let digits = text.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.dropFirst(digits.count)
        return text.count.isMultiple(of: 4) && padding.count <= 2 && padding.allSatisfy { $0 == UInt8(ascii: "=") }
            && digits.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }
    }
}
