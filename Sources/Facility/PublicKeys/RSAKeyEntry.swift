public import PaymentCrypto

/// One RSA key of the keyring: what anybody may know of it, and the private key under the master key or where it is.
public struct RSAKeyEntry: Sendable {
    /// Its name; of an exchange's key the token's name.
    public let name: KeyName
    /// The length of the modulus.
    public let size: RSAKeySize
    /// Signing or receiving, never both.
    public let usage: RSAKeyUsage
    /// The public half.
    public let publicKey: RSAPublicKey
    /// Where it came from, in words.
    public let origin: String
    /// When it came in, UTC.
    public let created: String
    /// Where the private half is.
    public internal(set) var place: RSAKeyPlace
    /// Its certificate and the chain above it, the certificate first; empty where there is none yet.
    public internal(set) var chain: [Certificate] = []
    /// Whether the site's own CA issued the certificate.
    public internal(set) var isIssuedByOwnAuthority = false
    /// The exchange of keys that it was made for.
    public internal(set) var exchange: Exchange?
    /// What changes while the key does not.
    public internal(set) var annotations = KeyAnnotations()
    /// The private key under the master key; nil where it is elsewhere or gone.
    var keyBlock: String?

    /// The certificate, where there is one.
    public var certificate: Certificate? { chain.first }

    /// By what people compare public keys: SHA-256 of the SubjectPublicKeyInfo (RFC 5280, 4.1).
    public var publicKeyDigest: SHA256Digest? { publicKey.digest }
}

extension RSAPublicKey {
    /// SHA-256 of the SubjectPublicKeyInfo.
    public var digest: SHA256Digest? { SHA256Digest(bytes: ContentDigest.sha256(subjectPublicKeyInfo)) }
}

/// Where the private half of an RSA key is.
public enum RSAKeyPlace: Sendable, Equatable {
    /// In the keyring, as a key block under the master key.
    case keyring
    /// In a PKCS#11 token, at this URI.
    case token(String)
    /// Nowhere any more: the exchange that it was made for is over.
    case removed
}

extension RSAKeyEntry {
    /// Refuses a key of the other usage, one that is retired, and one whose exchange is over.
    public func check(_ expected: RSAKeyUsage, at now: Moment = .now) throws(FacilityError) {
        if let retirement = annotations.retirement { throw .role(.retired(name, retirement)) }
        guard usage == expected else {
            throw .role(KeyRoleError(name: name, expected: .rsaUsage(expected), found: usage.rawValue))
        }
        try exchange?.checkIsOpen(name, at: now)
        guard place != .removed else { throw .privateKeyRemoved(name) }
    }
}

extension RSAKeyEntry {
    /// Whether the site's own CA would issue one now: there is none, or its last one has run out.
    public func needsCertificate(at now: Moment) -> Bool {
        guard let certificate else { return true }
        return isIssuedByOwnAuthority && exchange == nil && now >= certificate.notAfter
    }
}
