import SwiftASN1

/// ```
/// IssuerAndSerialNumber ::= SEQUENCE {
///   issuer Name,
///   serialNumber CertificateSerialNumber }
/// ```
///
/// RFC 5652, 10.2.4. Kept and compared as the bytes that the certificate has: a name can be written in many ways.
struct IssuerAndSerialNumber: Hashable, Sendable {
    let encoded: [UInt8]
    /// Without tag and length.
    let contents: [UInt8]
    /// The DER of the name.
    let issuer: [UInt8]
    /// The contents of the INTEGER.
    let serialNumber: [UInt8]

    init(_ node: ASN1Node) throws(TR34Error) {
        var elements = try DERElements(node, .sequence, in: .issuerAndSerialNumber)
        let (issuer, serialNumber) = (try elements.next(), try elements.next())
        try elements.end()
        guard issuer.identifier == .sequence, case .constructed = issuer.content else {
            throw .malformed(.issuerAndSerialNumber)
        }
        self.issuer = Array(issuer.encodedBytes)
        self.serialNumber = Array(try serialNumber.contents(.integer, in: .issuerAndSerialNumber))
        contents = Array(issuer.encodedBytes) + Array(serialNumber.encodedBytes)
        encoded = Array(node.encodedBytes)
    }

    /// The one of a certificate.
    init(_ certificate: Certificate) throws(TR34Error) {
        try self.init(ASN1Node.parse(certificate.issuerAndSerialNumber, as: .issuerAndSerialNumber))
    }
}
