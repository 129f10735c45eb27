public import Facility
public import PaymentCrypto

/// How one key leaves: under which key, or for whose public key.
public enum ExportRoute: Sendable {
    /// In a key block under a key of the site.
    case keyBlock(under: KeyName)
    /// In a TR-34 token.
    case token(TokenRoute)
    /// As a cryptogram, which carries nothing but the key.
    case cryptogram(CryptogramRoute)

    /// What the site's policy calls it.
    public var transport: KeyTransport {
        switch self {
        case .keyBlock: .tr31
        case .token: .tr34
        case .cryptogram: .rsaOAEP
        }
    }
}

/// A TR-34 token: who signs it, who opens it.
public struct TokenRoute: Sendable {
    /// The receiver's certificate (KRD).
    public var recipient: Certificate
    /// Whom that certificate must descend from.
    public var trust: CertificateTrust
    /// The key that signs (KDH).
    public var signer: TokenSigner
    /// The receiver's nonce: two passes; nil: one pass, with the signing time.
    public var nonce: TR34Nonce?

    /// A token in one pass.
    public init(to recipient: Certificate, trust: CertificateTrust, signer: TokenSigner) {
        (self.recipient, self.trust, self.signer) = (recipient, trust, signer)
    }
}

/// A key cryptogram: who opens it, and with which hash.
public struct CryptogramRoute: Sendable {
    /// The receiver's certificate.
    public var recipient: Certificate
    /// Whom that certificate must descend from.
    public var trust: CertificateTrust
    /// Of OAEP and of its mask generation function alike.
    public var hash: OAEPHash

    /// A cryptogram.
    public init(to recipient: Certificate, trust: CertificateTrust, hash: OAEPHash) {
        (self.recipient, self.trust, self.hash) = (recipient, trust, hash)
    }
}
