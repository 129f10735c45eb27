import SwiftASN1

/// ```
/// SignedData ::= SEQUENCE {
///   version CMSVersion,
///   digestAlgorithms DigestAlgorithmIdentifiers,
///   encapContentInfo EncapsulatedContentInfo,
///   certificates [0] IMPLICIT CertificateSet OPTIONAL,
///   crls [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///   signerInfos SignerInfos }
/// ```
///
/// RFC 5652, 5.1. Neither certificates nor revocation lists nor the version are under the signature.
struct SignedData {
    /// 1, or 3 where the rule of RFC 5652 is followed; it changes nothing.
    let version: UInt8
    let encapsulatedContent: EncapsulatedContentInfo
    /// DER of each; for people to look at, never trusted.
    let certificates: [[UInt8]]
    /// DER of each.
    let revocationLists: [[UInt8]]
    let signerInfo: SignerInfo

    init(
        version: UInt8, encapsulatedContent: EncapsulatedContentInfo, revocationLists: [[UInt8]], signerInfo: SignerInfo
    ) {
        self.version = version
        self.encapsulatedContent = encapsulatedContent
        self.certificates = []
        self.revocationLists = revocationLists
        self.signerInfo = signerInfo
    }

    init(_ node: ASN1Node) throws(TR34Error) {
        var elements = try DERElements(node, .sequence, in: .signedData)
        let version = try elements.next().contents(.integer, in: .signedData)
        guard version.elementsEqual([1]) || version.elementsEqual([3]) else { throw .malformed(.signedData) }
        self.version = version.first ?? 0
        try Self.checkDigestAlgorithms(elements.next())
        encapsulatedContent = try EncapsulatedContentInfo(elements.next())
        certificates = try Self.set(elements.next(if: .context(0)), 0, in: .certificates)
        revocationLists = try Self.set(elements.next(if: .context(1)), 1, in: .revocationLists)
        signerInfo = try Self.onlySigner(elements.next())
        try elements.end()
    }

    func serialize(into coder: inout DER.Serializer) {
        coder.sequence { coder in
            coder.smallInteger(version)
            coder.set { $0.encoded(SignerInfo.sha256) }
            encapsulatedContent.serialize(into: &coder)
            if !revocationLists.isEmpty {
                coder.appendConstructedNode(identifier: .context(1)) { coder in
                    for list in revocationLists { coder.encoded(list) }
                }
            }
            coder.set { signerInfo.serialize(into: &$0) }
        }
    }

    private static func checkDigestAlgorithms(_ node: ASN1Node) throws(TR34Error) {
        var algorithms = try DERElements(node, .set, in: .signedData)
        try SignerInfo.checkDigestAlgorithm(algorithms.next(), in: .signedData)
        try algorithms.end()
    }

    /// All elements are SEQUENCEs: the other choices are certificates and lists of other kinds.
    private static func set(_ node: ASN1Node?, _ tagNumber: UInt, in part: TR34Part) throws(TR34Error) -> [[UInt8]] {
        guard let node else { return [] }
        var elements = try DERElements(node, .context(tagNumber), in: part)
        let members = elements.rest()
        guard members.allSatisfy({ $0.identifier == .sequence }) else { throw .malformed(part) }
        return members.map { Array($0.encodedBytes) }
    }

    private static func onlySigner(_ node: ASN1Node) throws(TR34Error) -> SignerInfo {
        var elements = try DERElements(node, .set, in: .signedData)
        let signers = elements.rest()
        guard let only = signers.first, signers.count == 1 else { throw .signerCount(found: signers.count) }
        return try SignerInfo(only)
    }
}
