/// A piece of a token, for messages that say where something is wrong.
public enum TR34Part: String, Sendable, Hashable, CaseIterable {
    /// The outermost structure.
    case contentInfo = "ContentInfo"
    /// What the sender has signed, with its signature.
    case signedData = "SignedData"
    /// The envelope as signed content.
    case encapsulatedContent = "EncapsulatedContentInfo"
    /// Certificates that came along.
    case certificates = "certificates"
    /// Revocation lists that came along.
    case revocationLists = "crls"
    /// Who signed, and the signature.
    case signerInfo = "SignerInfo"
    /// What the signature is over.
    case signedAttributes = "signedAttrs"
    /// Issuer and serial number of a certificate.
    case issuerAndSerialNumber = "IssuerAndSerialNumber"
    /// The encrypted part.
    case envelopedData = "EnvelopedData"
    /// For whom it is, and the content key.
    case recipientInfo = "KeyTransRecipientInfo"
    /// How the content key is encrypted.
    case keyEncryptionAlgorithm = "keyEncryptionAlgorithm"
    /// The encrypted key block.
    case encryptedContent = "EncryptedContentInfo"
}

extension TR34Part: CustomStringConvertible {
    /// The name that the definition has.
    public var description: String { rawValue }
}
