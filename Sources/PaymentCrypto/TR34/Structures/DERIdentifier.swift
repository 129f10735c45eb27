/// The object identifiers of a token, as DER with tag and length.
///
/// Compared as bytes: DER has one form for each.
enum DERIdentifier {
    /// Number 1.2.840.113549.1.7.1: content that is just bytes, and the type of the header's attribute.
    static let data: [UInt8] = pkcs7(1)
    /// Number 1.2.840.113549.1.7.2.
    static let signedData: [UInt8] = pkcs7(2)
    /// Number 1.2.840.113549.1.7.3.
    static let envelopedData: [UInt8] = pkcs7(3)
    /// Number 1.2.840.113549.1.9.3.
    static let contentType: [UInt8] = pkcs9(3)
    /// Number 1.2.840.113549.1.9.4.
    static let messageDigest: [UInt8] = pkcs9(4)
    /// Number 1.2.840.113549.1.9.5.
    static let signingTime: [UInt8] = pkcs9(5)
    /// Number 1.2.840.113549.1.9.25.3.
    static let randomNonce: [UInt8] = [0x06, 0x0A, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x19, 0x03]
    /// Number 1.2.840.113549.1.1.1.
    static let rsaEncryption: [UInt8] = pkcs1(1)
    /// Number 1.2.840.113549.1.1.7.
    static let oaep: [UInt8] = pkcs1(7)
    /// Number 1.2.840.113549.1.1.8.
    static let mgf1: [UInt8] = pkcs1(8)
    /// Number 1.2.840.113549.1.1.9.
    static let specifiedLabel: [UInt8] = pkcs1(9)
    /// Number 1.2.840.113549.1.1.11.
    static let sha256WithRSAEncryption: [UInt8] = pkcs1(11)
    /// Number 1.3.14.3.2.26.
    static let sha1: [UInt8] = [0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A]
    /// Number 2.16.840.1.101.3.4.2.1.
    static let sha256: [UInt8] = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
    /// Number 1.2.840.113549.3.7.
    static let tdesCBC: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x03, 0x07]
    /// Number 2.16.840.1.101.3.4.1.2.
    static let aes128CBC: [UInt8] = aes(0x02)
    /// Number 2.16.840.1.101.3.4.1.42.
    static let aes256CBC: [UInt8] = aes(0x2A)
    /// NULL, the parameters of what has none.
    static let null: [UInt8] = [0x05, 0x00]

    private static func pkcs1(_ number: UInt8) -> [UInt8] { rsaSecurity(1, number) }
    private static func pkcs7(_ number: UInt8) -> [UInt8] { rsaSecurity(7, number) }
    private static func pkcs9(_ number: UInt8) -> [UInt8] { rsaSecurity(9, number) }

    private static func rsaSecurity(_ standard: UInt8, _ number: UInt8) -> [UInt8] {
        [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, standard, number]
    }

    private static func aes(_ number: UInt8) -> [UInt8] {
        [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, number]
    }
}
