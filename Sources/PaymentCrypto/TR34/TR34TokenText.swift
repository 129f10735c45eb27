import SwiftASN1

/// The forms in which a token comes: DER, hexadecimal, PEM.
enum TR34TokenText {
    /// The DER, whatever the form; blanks and line ends around a text and between digits are ignored.
    static func der(_ file: [UInt8]) throws(TR34Error) -> [UInt8] {
        guard file.count <= UnverifiedTR34Token.mostTextBytes else { throw .tooLong(byteCount: file.count) }
        let der = try decoded(file)
        guard der.count <= UnverifiedTR34Token.mostBytes else { throw .tooLong(byteCount: der.count) }
        return der
    }

    /// The one value that the bytes are.
    static func onlyValue(_ der: [UInt8]) throws(TR34Error) -> ASN1Node {
        let trailing = der.withUnsafeBytes { bytes -> Int? in
            var reader = DERReader(bytes)
            guard reader.next(DERTag.sequence) != nil else { return nil }
            return reader.remainingCount
        }
        guard let trailing else { throw .malformed(.contentInfo) }
        guard trailing == 0 else { throw .trailingBytes(count: trailing) }
        return try ASN1Node.parse(der, as: .contentInfo)
    }

    private static func decoded(_ file: [UInt8]) throws(TR34Error) -> [UInt8] {
        // As a digit that byte is 0; a token in hexadecimal begins with 3.
        guard file.first != DERTag.sequence else { return file }
        let text = trimmed(file)
        let der = PEM.isPresent(in: text) ? pem(text) : hexadecimal(text)
        guard let der, !der.isEmpty else { throw .notToken }
        return der
    }

    /// The one part of a PEM text: `CMS` by RFC 7468, 9, or `PKCS7`, the older name.
    private static func pem(_ text: [UInt8]) -> [UInt8]? {
        let parts = ["CMS", "PKCS7"].map { PEM.parts($0, in: text) }
        guard let one = parts[0], let other = parts[1], one.count + other.count == 1 else { return nil }
        return (one + other).first
    }

    private static func hexadecimal(_ text: [UInt8]) -> [UInt8]? {
        Hexadecimal.bytes(String(decoding: text.filter { !isBlank($0) }, as: UTF8.self))
    }

    private static func isBlank(_ character: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(character) }

    private static func trimmed(_ file: [UInt8]) -> [UInt8] {
        let start = file.drop(while: isBlank)
        return Array(start.dropLast(start.reversed().prefix(while: isBlank).count))
    }
}
