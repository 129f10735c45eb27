import PaymentCrypto

/// Puts the certificates of a file into order.
enum CertificateChain {
    /// The one that no other one of them issued.
    static func top(of certificates: [Certificate]) throws(CertificateChainError) -> Certificate {
        let tops = certificates.filter { certificate in
            certificate.isSelfIssued || !certificates.contains { $0.subject == certificate.issuer }
        }
        guard let top = tops.first else { throw .empty }
        guard tops.count == 1 else { throw .severalTops(tops.map(\.subject)) }
        return top
    }

    /// The certificate of a key first, then each one's issuer; refused where one is left over.
    static func ordered(
        _ certificates: [Certificate], of publicKey: RSAPublicKey, named name: KeyName
    ) throws(CertificateChainError) -> [Certificate] {
        guard let leaf = certificates.first(where: { $0.publicKey == publicKey }) else {
            throw .otherKey(name)
        }
        var (chain, rest, last) = ([leaf], certificates.filter { $0 != leaf }, leaf)
        while !last.isSelfIssued, let issuer = rest.first(where: { $0.subject == last.issuer }) {
            chain.append(issuer)
            rest.removeAll { $0 == issuer }
            last = issuer
        }
        if let other = rest.first { throw .unrelated(other.subject) }
        guard chain.count > 1 else { throw .noIssuer(leaf.issuer) }
        return chain
    }
}

/// Certificates that do not belong to the key or to each other.
public enum CertificateChainError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no certificate.
    case empty
    /// No certificate is for the key.
    case otherKey(KeyName)
    /// A certificate is none of the chain's.
    case unrelated(String)
    /// The issuer of the key's certificate is missing.
    case noIssuer(String)
    /// Several certificates have no issuer among the others.
    case severalTops([String])

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .empty: "expected a certificate, found none"
        case .otherKey(let name): "expected a certificate for the public key of '\(name)', found none"
        case .unrelated(let subject): "the certificate of '\(subject)' is none of the chain's"
        case .noIssuer(let issuer): "expected the certificate of the issuer, '\(issuer)', below it, found none"
        case .severalTops(let subjects):
            "expected the certificates of one chain, found \(subjects.map { "'\($0)'" }.joined(separator: " and "))"
        }
    }
}
