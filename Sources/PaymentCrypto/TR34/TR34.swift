/// TR-34: keys under an RSA certificate, signed by the sender (X9 TR-34:2012 and :2019).
///
/// The sender is the key distribution host (KDH), the receiver the key receiving device (KRD).
public enum TR34 {
    /// Opens a token: checks everything in the clear, decrypts, checks the rest.
    ///
    /// The sender's certificate is trusted by now: its chain is the caller's business (``CertificateValidator``), as is
    /// whether this token or nonce was seen before. Signature and bindings are checked before anything is decrypted;
    /// from then on there is one error, whatever is wrong.
    ///
    /// - Parameters:
    ///   - key: the receiver's private key.
    ///   - certificate: the receiver's certificate, which the token must name.
    ///   - sender: the sender's certificate.
    ///   - nonce: what the receiver gave out; nil where a token of one pass is expected.
    public static func open(
        _ token: UnverifiedTR34Token, with key: DecryptionKey, own certificate: Certificate, sender: Certificate,
        nonce: TR34Nonce?
    ) throws(TR34Error) -> OpenedTR34Token {
        try checkReceiver(token, key, certificate)
        try verify(token, sender: sender, nonce: nonce)
        guard [.tdea, .aes].contains(token.header.algorithm) else { throw .notSymmetricKey(token.header.algorithm) }
        do throws(TR34KeyBlock.Fault) {
            return OpenedTR34Token(token, try decrypt(token, with: key), bitCount: key.publicKey.bitCount)
        } catch {
            // Which fault it is would help somebody who sends many tokens to find out a key.
            throw .wrongKeyOrAltered
        }
    }

    /// Everything from decryption on, with the reason that only this module learns.
    static func decrypt(
        _ token: UnverifiedTR34Token, with key: DecryptionKey
    ) throws(TR34KeyBlock.Fault) -> TR34KeyBlock.Opened {
        let surroundings = TR34KeyBlock.Surroundings(sender: token.signerName, header: token.signedAttributes.header)
        return try token.envelope.open(with: key, surroundings)
    }

    /// Checks the sender's side alone: who signed, what was signed, the signature, the nonce.
    public static func verify(
        _ token: UnverifiedTR34Token, sender: Certificate, nonce: TR34Nonce?
    ) throws(TR34Error) {
        try verifySignature(token, sender: sender)
        switch (token.freshness, nonce) {
        case (.nonce(let found), let expected?): if found != expected { throw .nonceMismatch }
        case (.nonce, nil): throw .nonceUnexpected
        case (.signingTime, nil): break
        case (.signingTime, _?): throw .nonceMissing
        }
    }

    /// The same without an opinion about freshness, for a look at a token.
    public static func verifySignature(_ token: UnverifiedTR34Token, sender: Certificate) throws(TR34Error) {
        guard token.signer.issuerAndSerialNumber == sender.issuerAndSerialNumber else {
            throw .otherSender(found: token.signer.description)
        }
        try verifySignature(token, by: sender.publicKey)
    }

    /// The same by a key alone, for a sender whose certificate has been replaced since.
    public static func verifySignature(_ token: UnverifiedTR34Token, by key: RSAPublicKey) throws(TR34Error) {
        guard token.signedAttributes.messageDigest == ContentDigest.sha256(token.content) else {
            throw .digestMismatch
        }
        let isGenuine: Bool
        do throws(EngineError) {
            isGenuine = try key.verifies(
                token.signature, of: token.signedAttributes.signedMessage)
        } catch {
            throw .engine(error)
        }
        guard isGenuine else { throw .signatureMismatch }
    }

    private static func checkReceiver(
        _ token: UnverifiedTR34Token, _ key: DecryptionKey, _ certificate: Certificate
    ) throws(TR34Error) {
        guard key.publicKey == certificate.publicKey else { throw .keyMismatch }
        guard token.recipient.issuerAndSerialNumber == certificate.issuerAndSerialNumber else {
            throw .otherRecipient(found: token.recipient.description)
        }
    }
}
