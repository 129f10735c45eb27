import COpenSSL

/// A certificate as a token names it.
public struct TR34Party: Hashable, Sendable {
    /// The issuer, for people.
    public let issuer: String
    /// The serial number in upper-case hexadecimal.
    public let serialNumber: String
    /// The DER of the IssuerAndSerialNumber, which is what is compared.
    public let issuerAndSerialNumber: [UInt8]

    init(_ name: IssuerAndSerialNumber) {
        issuer = OpenSSLObject.text(der: name.issuer)
        serialNumber = Hexadecimal.text(name.serialNumber)
        issuerAndSerialNumber = name.encoded
    }
}

extension TR34Party: CustomStringConvertible {
    /// Serial number and issuer.
    public var description: String { "certificate \(serialNumber) of \(issuer)" }
}

extension OpenSSLObject {
    /// A name in DER for people; a question mark for what is no name.
    fileprivate static func text(der: [UInt8]) -> String {
        defer { ERR_clear_error() }
        let name = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var position = bytes.baseAddress
            return d2i_X509_NAME(nil, &position, bytes.count)
        }
        defer { X509_NAME_free(name) }
        return text(name)
    }
}
