import SwiftASN1

/// Makes TR-34 tokens with one signing key.
///
/// Shared by the workers of a run: whatever tokens have in common is made once, and nothing changes afterwards.
public final class TR34Sender: Sendable {
    /// The wire form of the tokens.
    public let profile: TR34Profile
    /// The sender's certificate.
    public let certificate: Certificate
    private let signingKey: SigningKey
    private let signer: IssuerAndSerialNumber
    private let revocationLists: [[UInt8]]

    /// A sender with its key and certificate.
    ///
    /// Whether the certificate is valid now is the caller's business (``CertificateValidator``).
    ///
    /// - Parameter revocationList: goes into each token, in the profiles that have a place for it.
    /// - Throws: `.keyMismatch`, `.revocationListNotCarried`.
    public init(
        profile: TR34Profile, signingKey: SigningKey, certificate: Certificate,
        revocationList: CertificateRevocationList?
    ) throws(TR34Error) {
        guard signingKey.publicKey == certificate.publicKey else { throw .keyMismatch }
        guard revocationList == nil || profile.carriesRevocationList else { throw .revocationListNotCarried(profile) }
        self.profile = profile
        self.signingKey = signingKey
        self.certificate = certificate
        signer = try IssuerAndSerialNumber(certificate)
        revocationLists = revocationList.map { [$0.der] } ?? []
    }

    /// A token in DER with a key for one receiver.
    ///
    /// Whether the receiver's certificate is valid is the caller's business (``CertificateValidator``).
    ///
    /// - Throws: `.algorithmMismatch` where the header names another algorithm than the key's; `.weakerRecipientKey` by
    ///   ``KeyStrength``; `.signingKeyReceives` where one key would do both.
    public func token(
        _ key: borrowing SymmetricKey, header: KeyBlockHeader, for recipient: Certificate, freshness: TR34Freshness
    ) throws(TR34Error) -> [UInt8] {
        try check(key, header, recipient, freshness)
        let surroundings = TR34KeyBlock.Surroundings(
            sender: signer, header: try TR34Header(header, keyByteCount: key.algorithm.byteCount))
        let name = try IssuerAndSerialNumber(recipient)
        do throws(EngineError) {
            let envelope = try EnvelopedData.sealing(
                key, surroundings, for: name, under: recipient.publicKey, profile: profile)
            return try sign(envelope.content, surroundings.header, freshness)
        } catch {
            throw .engine(error)
        }
    }

    /// Checks what can be checked of a token without the receiver's private key: that it is this sender's, for this
    /// receiver, with this header and freshness, in this sender's profile.
    public func checkOpens(
        _ token: [UInt8], header: KeyBlockHeader, for recipient: Certificate, freshness: TR34Freshness
    ) throws(TR34Error) {
        let read = try UnverifiedTR34Token(token)
        try TR34.verifySignature(read, sender: certificate)
        guard read.recipient.issuerAndSerialNumber == recipient.issuerAndSerialNumber else {
            throw .otherRecipient(found: read.recipient.description)
        }
        let encryptedKey = read.envelope.recipient.encryptedKey
        guard read.profile == profile, profile.matches(read.envelope), read.freshness == freshness,
            read.signedAttributes.header.isSame(as: header),
            encryptedKey.count == recipient.publicKey.modulusByteCount
        else { throw .notAsMade }
    }

    private func check(
        _ key: borrowing SymmetricKey, _ header: KeyBlockHeader, _ recipient: Certificate, _ freshness: TR34Freshness
    ) throws(TR34Error) {
        guard header.algorithm == KeyBlockAlgorithm(key.algorithm) else {
            throw .algorithmMismatch(header: header.algorithm, key: key.algorithm)
        }
        let (wrapped, bitCount) = (key.effectiveAlgorithm, recipient.publicKey.bitCount)
        guard KeyStrength.permits(wrapping: wrapped, underRSA: bitCount) else {
            throw .weakerRecipientKey(wrapped: wrapped, bitCount: bitCount)
        }
        guard recipient.publicKey != signingKey.publicKey else { throw .signingKeyReceives }
        if let time = freshness.signingTime, !time.isWritable { throw .unwritableTime(time) }
    }

    /// The signed token around the octets of an envelope.
    private func sign(
        _ content: [UInt8], _ header: TR34Header, _ freshness: TR34Freshness
    ) throws(EngineError) -> [UInt8] {
        let attributes = SignedAttributes(
            digest: ContentDigest.sha256(content), header: header, freshness: freshness,
            sorted: profile.sortsAttributes)
        let signature = try signingKey.sign(attributes.signedMessage)
        let signedData = SignedData(
            version: profile.signedDataVersion, encapsulatedContent: EncapsulatedContentInfo(content: content),
            revocationLists: revocationLists,
            signerInfo: SignerInfo(signer: signer, signedAttributes: attributes, signature: signature))
        var coder = DER.Serializer()
        ContentInfo(signedData: signedData).serialize(into: &coder)
        return coder.serializedBytes
    }
}
