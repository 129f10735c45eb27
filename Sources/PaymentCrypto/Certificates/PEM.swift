/// Text with lines around Base64; see RFC 7468.
enum PEM {
    /// `label` is `CERTIFICATE`, `X509 CRL`, ...; ends in a line end.
    static func text(_ label: String, _ der: [UInt8]) -> String {
        let digits = Array(Base64.text(der).utf8)
        let lines = stride(from: 0, to: digits.count, by: 64).map { start in
            String(decoding: digits[start..<min(start + 64, digits.count)], as: UTF8.self)
        }
        return (["-----BEGIN \(label)-----"] + lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
    }

    /// The contents of all parts with this label, in their order; other parts and text between parts are passed over.
    ///
    /// Nil where a part does not end, or is not Base64.
    static func parts(_ label: String, in text: [UInt8]) -> [[UInt8]]? {
        var parts: [[UInt8]] = []
        var body: [UInt8]?
        for line in lines(text) {
            if line.elementsEqual("-----BEGIN \(label)-----".utf8) {
                guard body == nil else { return nil }
                body = []
            } else if line.elementsEqual("-----END \(label)-----".utf8) {
                guard let digits = body, let der = Base64.bytes(digits) else { return nil }
                parts.append(der)
                body = nil
            } else {
                body?.append(contentsOf: line)
            }
        }
        return body == nil ? parts : nil
    }

    static func isPresent(in text: [UInt8]) -> Bool {
        lines(text).contains { $0.starts(with: "-----BEGIN ".utf8) }
    }

    /// Lines end in LF or CR LF; blanks at either end do not count.
    private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        text.split(separator: UInt8(ascii: "\n")).map { line in
            let start = line.drop(while: isBlank)
            return start.dropLast(start.reversed().prefix(while: isBlank).count)
        }
    }

    private static func isBlank(_ character: UInt8) -> Bool { [0x20, 0x09, 0x0D].contains(character) }
}
