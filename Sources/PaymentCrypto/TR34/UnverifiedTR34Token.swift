/// A TR-34 token, taken apart without a key.
///
/// Nothing in it is authentic: anybody can have written it. Only ``TR34/open(_:with:own:sender:nonce:)`` says that a
/// token is what its sender made.
public struct UnverifiedTR34Token: Sendable {
    /// The wire form, told by the structure.
    public let profile: TR34Profile
    /// Who says to have signed it.
    public let signer: TR34Party
    /// For whom it is.
    public let recipient: TR34Party
    /// The header of the key as it stands in the clear, and is signed.
    public var header: KeyBlockHeader { signedAttributes.header.header }
    /// The header's characters as they stand in the token; version and length in them mean nothing.
    public var headerText: String { String(decoding: signedAttributes.header.text, as: UTF8.self) }
    /// The version of SignedData, which means nothing and is not signed.
    public let version: UInt8
    /// How the token names its signature; not signed.
    public let signatureAlgorithm: TR34SignatureAlgorithm
    /// What the signer says is the digest of the envelope.
    public var messageDigest: [UInt8] { signedAttributes.messageDigest }
    /// Of the signature.
    public var signatureByteCount: Int { signature.count }
    /// The nonce, or the signing time where there is none.
    public let freshness: TR34Freshness
    /// The signing time, which a token may have beside a nonce.
    public var signingTime: Moment? { signedAttributes.signingTime }
    /// What encrypts the key block.
    public var contentCipher: TR34ContentCipher { envelope.encryptedContent.cipher }
    /// What the cipher begins with.
    public var initialisationVector: [UInt8] { envelope.encryptedContent.initialisationVector }
    /// Of the encrypted key block, with its padding.
    public var encryptedContentByteCount: Int { envelope.encryptedContent.encryptedContent.count }
    /// Of the cryptogram that is the content key under the receiver's RSA key.
    public var encryptedKeyByteCount: Int { envelope.recipient.encryptedKey.count }
    /// Whether the parameters of OAEP have the tags that RFC 8017 gives them.
    public var hasTaggedParameters: Bool { envelope.recipient.parameters == .tagged }
    /// The lists that came along; neither signed nor checked here.
    public let revocationLists: [CertificateRevocationList]
    /// The certificates that came along; never trusted.
    public let certificates: [Certificate]
    /// The digest of the whole token, by which people compare files.
    public let digest: SHA256Digest
    /// The digest of what is signed, by which the token is known again: whoever carries it can change the rest.
    public let signedDigest: SHA256Digest
    /// What is odd about the parts in the clear.
    public let deviations: [TR34Deviation]

    let signerName: IssuerAndSerialNumber
    let content: [UInt8]
    let envelope: EnvelopedData
    let signedAttributes: SignedAttributes
    let signature: [UInt8]

    /// The most that is read: far more than a token with a revocation list has.
    public static let mostBytes = 1 << 20
    /// The same as text: hexadecimal is twice as long as DER, and has line ends.
    public static let mostTextBytes = 3 * mostBytes

    /// Takes a token apart that comes as DER, as hexadecimal of either case, or as PEM.
    public init(_ file: [UInt8]) throws(TR34Error) {
        let der = try TR34TokenText.der(file)
        let node = try TR34TokenText.onlyValue(der)
        let signedData = try ContentInfo(node).signedData
        let envelope = try EnvelopedData(content: signedData.encapsulatedContent.content)
        let attributes = signedData.signerInfo.signedAttributes
        profile = TR34Profile(envelope)
        signerName = signedData.signerInfo.signer
        signer = TR34Party(signerName)
        recipient = TR34Party(envelope.recipient.recipient)
        version = signedData.version
        signatureAlgorithm = signedData.signerInfo.signatureAlgorithm
        freshness = attributes.freshness
        revocationLists = try Self.read(signedData.revocationLists, .revocationLists) { der throws(CertificateError) in
            try CertificateRevocationList(der: der)
        }
        certificates = try Self.read(signedData.certificates, .certificates) { der throws(CertificateError) in
            try Certificate(der: der)
        }
        digest = try Self.digest(der)
        signedDigest = try Self.digest(attributes.signedMessage)
        deviations = Self.deviations(envelope, attributes)
        content = signedData.encapsulatedContent.content
        self.envelope = envelope
        signedAttributes = attributes
        signature = signedData.signerInfo.signature
    }

    private static func read<Value>(
        _ members: [[UInt8]], _ part: TR34Part, as make: ([UInt8]) throws(CertificateError) -> Value
    ) throws(TR34Error) -> [Value] {
        do throws(CertificateError) {
            return try members.map(make)
        } catch {
            throw .certificate(part, error)
        }
    }

    private static func digest(_ der: [UInt8]) throws(TR34Error) -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: ContentDigest.sha256(der)) else {
            throw .engine(EngineError(.operationFailed("SHA-256")))
        }
        return digest
    }

    private static func deviations(_ envelope: EnvelopedData, _ attributes: SignedAttributes) -> [TR34Deviation] {
        let profile = TR34Profile(envelope)
        return (profile.matches(envelope) ? [] : [.mixedProfile(profile)])
            + (envelope.encryptedContent.cipher == .aes256 ? [.aes256Content] : [])
            + attributes.header.deviations.map(TR34Deviation.header)
    }
}
