/// Why a certificate, or what belongs to it, is not accepted.
///
/// Each fault has its own case. Nothing secret is in any of them, and what they show of a certificate's names is
/// printable ASCII.
public indirect enum CertificateError: Error, Equatable, Sendable {
    // The text.

    /// Not the DER or PEM of what was expected; the fault in words.
    case malformed(String)
    /// The key is none that this module works with.
    case unusableKey(RSAKeyError)

    // The certificate itself.

    /// Its key is too short.
    case tooSmall(bitCount: Int, minimum: Int)
    /// Its time is over.
    case expired(notAfter: Moment)
    /// Its time has not come.
    case notYetValid(notBefore: Moment)
    /// Its issuer has revoked it.
    case revoked(Moment)
    /// Its key usage does not allow what the key is to do.
    case wrongUsage(expected: CertificatePurpose)
    /// It has no key usage, where one is needed.
    case missingUsage(expected: CertificatePurpose)
    /// It is an authority's, where a device's or a host's is expected.
    case leafIsAuthority
    /// It is its own issuer, where one that an authority has issued is expected.
    case selfSigned
    /// It has a critical extension that is not understood.
    case criticalExtension(String)
    /// It is signed with a hash weaker than SHA-256, or in a way that is not known.
    case weakHash(String)

    // The way to the anchor.

    /// No anchor and no intermediate certificate has the name of its issuer.
    case unknownIssuer(String)
    /// A certificate of its issuer's name is there, but the signature is not by that key.
    case badSignature(issuer: String)
    /// It is to issue certificates without being an authority.
    case notAuthority
    /// It is an authority that may not sign certificates.
    case mayNotIssue
    /// There are more authorities below it than it allows.
    case pathTooLong(allowed: Int)
    /// OpenSSL refuses the path for another reason, such as a name that an authority may not give.
    case pathRefused(String)
    /// Something is wrong with an issuer on the way to the anchor.
    case issuer(String, CertificateError)
    /// No anchor was given.
    case noAnchor

    // The revocation list.

    /// There is none of this issuer.
    case revocationListMissing(issuer: String)
    /// Its time is over.
    case revocationListExpired(nextUpdate: Moment)
    /// Its time has not come.
    case revocationListNotYetValid(thisUpdate: Moment)
    /// It is not signed by the issuer that it names.
    case revocationListBadSignature(issuer: String)
    /// It cannot be used, although its issuer's name is right.
    case revocationListUnusable(String)

    /// OpenSSL failed.
    case engine(EngineError)
}

extension CertificateError: CustomStringConvertible {
    /// Expected and found, lower case, without a full stop.
    public var description: String {
        switch self {
        case .malformed(let fault): fault
        case .unusableKey(let error): "public key: \(error)"
        case .tooSmall(let bitCount, let minimum):
            "expected an RSA key of at least \(minimum) bits, found \(bitCount) bits"
        case .expired(let notAfter): "expired at \(notAfter)"
        case .notYetValid(let notBefore): "not valid before \(notBefore)"
        case .revoked(let moment): "revoked at \(moment)"
        case .wrongUsage(let expected): "expected key usage \(expected.keyUsageName), found another"
        case .missingUsage(let expected): "expected key usage \(expected.keyUsageName), found no key usage"
        case .leafIsAuthority: "expected a certificate of a key's holder, found one of an authority (CA:TRUE)"
        case .selfSigned: "expected a certificate that an authority has issued, found a self-signed one"
        case .criticalExtension(let name): "has a critical extension that is not known: \(name)"
        case .weakHash(let name): "expected a signature with SHA-256 or better, found \(name)"
        case .unknownIssuer(let name): "expected an issuer among the trusted certificates, found \(name)"
        case .badSignature(let issuer): "its signature is not by the key of \(issuer)"
        case .notAuthority: "is no CA certificate (no CA:TRUE)"
        case .mayNotIssue: "is no certificate of a CA that issues others: its key usage lacks keyCertSign"
        case .pathTooLong(let allowed): "allows \(allowed) authorities below it, found more"
        case .pathRefused(let reason): "its path to the anchor is refused: \(reason)"
        case .issuer(let name, let error): "issuer \(name): \(error)"
        case .noAnchor: "expected a certificate to trust, found none"
        case .revocationListMissing(let issuer): "expected a revocation list of \(issuer), found none"
        case .revocationListExpired(let nextUpdate): "the revocation list expired at \(nextUpdate)"
        case .revocationListNotYetValid(let thisUpdate): "the revocation list is not valid before \(thisUpdate)"
        case .revocationListBadSignature(let issuer): "the revocation list is not signed by the key of \(issuer)"
        case .revocationListUnusable(let fault): "the revocation list cannot be used: \(fault)"
        case .engine(let error): error.description
        }
    }
}
