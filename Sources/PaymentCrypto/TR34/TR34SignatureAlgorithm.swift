import SwiftASN1

/// How a token names its signature, which is RSASSA-PKCS1-v1_5 with SHA-256 in any case.
///
/// See RFC 3370, 3.2, and RFC 5754, 3.2. The name is not under the signature.
public enum TR34SignatureAlgorithm: String, CaseIterable, Sendable, Hashable {
    /// By the key alone: what is written.
    case rsaEncryption
    /// With the digest in the name.
    case sha256WithRSAEncryption

    init?(_ node: ASN1Node) {
        guard let match = Self.allCases.first(where: { node.isEncoded(as: $0.encoded) }) else { return nil }
        self = match
    }

    /// The DER of the AlgorithmIdentifier.
    var encoded: [UInt8] {
        switch self {
        case .rsaEncryption: Self.rsa
        case .sha256WithRSAEncryption: Self.sha256WithRSA
        }
    }

    private static let rsa: [UInt8] = [0x30, 0x0D] + DERIdentifier.rsaEncryption + DERIdentifier.null
    private static let sha256WithRSA: [UInt8] =
        [0x30, 0x0D] + DERIdentifier.sha256WithRSAEncryption + DERIdentifier.null
}
