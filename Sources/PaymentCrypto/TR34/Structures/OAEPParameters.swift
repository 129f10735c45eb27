import SwiftASN1

/// ```
/// RSAES-OAEP-params ::= SEQUENCE {
///   hashAlgorithm [0] HashAlgorithm DEFAULT sha1,
///   maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
///   pSourceAlgorithm [2] PSourceAlgorithm DEFAULT pSpecifiedEmpty }
/// ```
///
/// RFC 8017, A.2.1. X9's samples and AWS write the three without the tags. SHA-256 in both places and an empty label
/// is all that is taken; what a missing element stands for is SHA-1.
enum OAEPParameters: Sendable, Hashable {
    /// The three elements without tags.
    case untagged
    /// As RFC 8017 has it.
    case tagged

    init(algorithm node: ASN1Node) throws(TR34Error) {
        let part = TR34Part.keyEncryptionAlgorithm
        var elements = try DERElements(node, .sequence, in: part)
        guard try elements.next().isEncoded(as: DERIdentifier.oaep) else { throw .keyEncryptionAlgorithm }
        let parameters = try elements.next()
        try elements.end()
        var members = try DERElements(parameters, .sequence, in: part)
        if let hash = members.next(if: .sequence) {
            self = .untagged
            try Self.check(hash: hash, mask: members.next(), label: members.next())
        } else {
            self = .tagged
            guard let hash = members.next(if: .context(0)), let mask = members.next(if: .context(1)) else {
                throw .oaepHash
            }
            let label = members.next(if: .context(2))
            try Self.check(hash: hash.explicit(0, in: part), mask: mask.explicit(1, in: part), label: label?.inner(2))
        }
        try members.end()
    }

    /// The DER of the whole AlgorithmIdentifier.
    var algorithm: [UInt8] {
        switch self {
        case .untagged: Self.untaggedAlgorithm
        case .tagged: Self.taggedAlgorithm
        }
    }

    private static func check(hash: ASN1Node, mask: ASN1Node, label: ASN1Node?) throws(TR34Error) {
        let part = TR34Part.keyEncryptionAlgorithm
        try checkHash(hash)
        var elements = try DERElements(mask, .sequence, in: part)
        try elements.next().require(DERIdentifier.mgf1, in: part)
        try checkHash(elements.next())
        try elements.end()
        guard let label else { return }
        guard label.isEncoded(as: emptyLabel) else { throw .oaepLabel }
    }

    /// SHA-256, with no parameters or NULL; RFC 8017, B.1, wants both taken.
    private static func checkHash(_ node: ASN1Node) throws(TR34Error) {
        var elements = try DERElements(node, .sequence, in: .keyEncryptionAlgorithm)
        guard try elements.next().isEncoded(as: DERIdentifier.sha256) else { throw .oaepHash }
        if let null = elements.next(if: .null) { try null.require(DERIdentifier.null, in: .keyEncryptionAlgorithm) }
        try elements.end()
    }

    private static let emptyLabel: [UInt8] = [0x30, 0x0D] + DERIdentifier.specifiedLabel + [0x04, 0x00]

    private static let taggedAlgorithm = make { coder in
        coder.appendConstructedNode(identifier: .context(0)) { writeHash(DERIdentifier.null, into: &$0) }
        coder.appendConstructedNode(identifier: .context(1)) { writeMask(DERIdentifier.null, into: &$0) }
    }

    /// NULL in the one place and not in the other: so it is in X9's samples and in AWS's tokens.
    private static let untaggedAlgorithm = make { coder in
        writeHash(DERIdentifier.null, into: &coder)
        writeMask([], into: &coder)
        coder.encoded(emptyLabel)
    }

    private static func make(_ write: (inout DER.Serializer) -> Void) -> [UInt8] {
        var coder = DER.Serializer()
        coder.sequence { coder in
            coder.encoded(DERIdentifier.oaep)
            coder.sequence(write)
        }
        return coder.serializedBytes
    }

    private static func writeHash(_ parameters: [UInt8], into coder: inout DER.Serializer) {
        coder.sequence { $0.encoded(DERIdentifier.sha256 + parameters) }
    }

    private static func writeMask(_ parameters: [UInt8], into coder: inout DER.Serializer) {
        coder.sequence { coder in
            coder.encoded(DERIdentifier.mgf1)
            writeHash(parameters, into: &coder)
        }
    }
}

extension ASN1Node {
    fileprivate func inner(_ tagNumber: UInt) throws(TR34Error) -> ASN1Node {
        try explicit(tagNumber, in: .keyEncryptionAlgorithm)
    }
}
