import SwiftASN1

/// The cipher that encrypts the key block inside a token, in CBC mode.
public enum TR34ContentCipher: String, CaseIterable, Sendable, Hashable {
    /// TDES with three keys: for TDES keys.
    case tdes3Key
    /// AES-128: for AES keys.
    case aes128
    /// AES-256: an extension that is read and not written.
    case aes256

    /// The algorithm of the content key.
    public var algorithm: KeyAlgorithm {
        switch self {
        case .tdes3Key: .tdes3Key
        case .aes128: .aes128
        case .aes256: .aes256
        }
    }

    /// The one that a token is made with: TDES for TDES keys, AES-128 for AES keys.
    init(for key: KeyAlgorithm) {
        self = key.isTDES ? .tdes3Key : .aes128
    }

    init?(_ node: ASN1Node) {
        guard let match = Self.allCases.first(where: { node.isEncoded(as: $0.identifier) }) else { return nil }
        self = match
    }

    var identifier: [UInt8] {
        switch self {
        case .tdes3Key: DERIdentifier.tdesCBC
        case .aes128: DERIdentifier.aes128CBC
        case .aes256: DERIdentifier.aes256CBC
        }
    }

    var blockByteCount: Int { algorithm.blockByteCount }
}

extension TR34ContentCipher: CustomStringConvertible {
    /// For people.
    public var description: String { algorithm.reportName + " in CBC mode" }
}
