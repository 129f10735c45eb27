/// The forms in which certificates and revocation lists come in files.
enum EncodedFile {
    /// The DER of all parts: of PEM, of DER itself, or of the Base64 of either.
    static func parts(_ file: [UInt8], label: String, of what: String) throws(CertificateError) -> [[UInt8]] {
        let contents = base64(file) ?? file
        if contents.first == DERTag.sequence, !PEM.isPresent(in: contents) { return [contents] }
        guard let parts = PEM.parts(label, in: contents) else {
            throw .malformed("expected \(what) in PEM, found a part that is cut short or not Base64")
        }
        guard !parts.isEmpty else { throw .malformed("expected \(what) in PEM or DER, found none") }
        return parts
    }

    /// What the file stands for if all of it is Base64, line ends and blanks apart.
    private static func base64(_ file: [UInt8]) -> [UInt8]? {
        let digits = file.filter { ![0x20, 0x09, 0x0D, 0x0A].contains($0) }
        guard !digits.isEmpty else { return nil }
        return Base64.bytes(digits)
    }
}
