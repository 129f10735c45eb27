/// Why a TR-34 token cannot be read, opened or made.
///
/// Nothing secret is in any of them. There is one error for everything that goes wrong from decryption on.
public enum TR34Error: Error, Equatable, Sendable {
    // The token; a key takes no part.

    /// Neither DER, nor hexadecimal, nor PEM.
    case notToken
    /// More bytes than a token may have.
    case tooLong(byteCount: Int)
    /// Bytes behind the token.
    case trailingBytes(count: Int)
    /// A structure is not as its definition has it.
    case malformed(TR34Part)
    /// Exactly one signer is allowed.
    case signerCount(found: Int)
    /// Exactly one recipient is allowed.
    case recipientCount(found: Int)
    /// A digest other than SHA-256.
    case notSHA256(TR34Part)
    /// A signature other than RSA PKCS #1 v1.5 with SHA-256.
    case signatureAlgorithm
    /// Attributes that nobody signed.
    case unsignedAttributes
    /// A signed attribute is not there.
    case missingAttribute(TR34Attribute)
    /// A signed attribute is there twice.
    case duplicateAttribute
    /// The signed content is said to be something else than an envelope.
    case contentType
    /// Neither a nonce nor a time.
    case noFreshness
    /// A nonce has 8 to 16 bytes.
    case nonceLength(found: Int)
    /// The header cannot be read or written.
    case header(KeyBlockError)
    /// The content key is encrypted with something else than RSAES-OAEP.
    case keyEncryptionAlgorithm
    /// OAEP, or its mask, with another hash than SHA-256.
    case oaepHash
    /// OAEP with a label.
    case oaepLabel
    /// Neither TDES nor AES in CBC mode.
    case contentCipher
    /// A certificate or revocation list inside the token cannot be read.
    case certificate(TR34Part, CertificateError)

    // Who sent it to whom.

    /// Signed by another certificate's key than the given one's.
    case otherSender(found: String)
    /// The content is not what was signed.
    case digestMismatch
    /// The signature is not that of the sender's key.
    case signatureMismatch
    /// For another certificate than the given one.
    case otherRecipient(found: String)
    /// The private key is not that of the certificate.
    case keyMismatch
    /// The token has a nonce, and the receiver expects none.
    case nonceUnexpected
    /// The token has no nonce, and the receiver expects one.
    case nonceMissing
    /// Another nonce than the receiver's: a token made for another exchange.
    case nonceMismatch
    /// The header says that the key is no TDES or AES key.
    case notSymmetricKey(KeyBlockAlgorithm)
    /// Wrong key, or altered: everything that can go wrong from decryption on.
    case wrongKeyOrAltered

    // Making a token.

    /// The header names another algorithm than the key has.
    case algorithmMismatch(header: KeyBlockAlgorithm, key: KeyAlgorithm)
    /// A key is never wrapped under a weaker one.
    case weakerRecipientKey(wrapped: KeyAlgorithm, bitCount: Int)
    /// The same key would sign and receive.
    case signingKeyReceives
    /// This profile has no place for a revocation list.
    case revocationListNotCarried(TR34Profile)
    /// A signing time that cannot be written.
    case unwritableTime(Moment)
    /// The token that was made is not the one that was asked for.
    case notAsMade
    /// Something in OpenSSL failed, or in the token that signs.
    case engine(EngineError)
}

extension TR34Error: CustomStringConvertible {
    /// Expected and found, lower case, without a full stop.
    public var description: String {
        switch self {
        case .notToken:
            "expected a TR-34 token in DER, hexadecimal or PEM, found something else"
        case .tooLong(let byteCount):
            "expected a TR-34 token of at most \(UnverifiedTR34Token.mostBytes) bytes, found \(byteCount)"
        case .trailingBytes(let count):
            "expected nothing behind the token, found \(count) bytes"
        case .malformed(let part):
            "\(part): not as its definition has it, or cut short"
        case .signerCount(let found):
            "expected one signer, found \(found)"
        case .recipientCount(let found):
            "expected one recipient, found \(found)"
        case .notSHA256(let part):
            "\(part): expected SHA-256 as digest, found another"
        case .signatureAlgorithm:
            "expected a signature with RSA and SHA-256, found another algorithm"
        case .unsignedAttributes:
            "expected no unsigned attributes, found some"
        case .missingAttribute(let attribute):
            "expected the signed attribute \(attribute), found none"
        case .duplicateAttribute:
            "expected each signed attribute once, found one twice"
        case .contentType:
            "expected signed enveloped data, found another content type"
        case .noFreshness:
            "expected a nonce or a signing time, found neither"
        case .nonceLength(let found):
            "expected a nonce of 8 to 16 bytes, found \(found)"
        case .header(let error):
            "key block header: \(error)"
        case .keyEncryptionAlgorithm:
            "expected a content key under RSAES-OAEP, found another algorithm"
        case .oaepHash:
            "expected OAEP with SHA-256 and MGF1 with SHA-256, found another hash"
        case .oaepLabel:
            "expected OAEP with an empty label, found another"
        case .contentCipher:
            "expected TDES or AES in CBC mode as content cipher, found another"
        case .certificate(let part, let error):
            "\(part): \(error)"
        case .otherSender(let found):
            "expected the given sender's certificate as signer, found \(found)"
        case .digestMismatch:
            "the content is not what was signed"
        case .signatureMismatch:
            "the signature is not the given sender's"
        case .otherRecipient(let found):
            "expected the receiver's own certificate as recipient, found \(found)"
        case .keyMismatch:
            "the private key does not belong to the certificate"
        case .nonceUnexpected:
            "expected a token without a nonce, found one with a nonce"
        case .nonceMissing:
            "expected a token with the receiver's nonce, found one without a nonce"
        case .nonceMismatch:
            "expected the receiver's nonce, found another"
        case .notSymmetricKey(let algorithm):
            "expected a TDES or AES key, found \(algorithm.meaning ?? "algorithm \(algorithm)")"
        case .wrongKeyOrAltered:
            "wrong key or altered token"
        case .algorithmMismatch(let header, let key):
            "the header says \(header.meaning ?? "\(header)"), the key is \(key.reportName)"
        case .weakerRecipientKey(let wrapped, let bitCount):
            "a key of \(wrapped.reportName) is not wrapped under the weaker RSA-\(bitCount)"
        case .signingKeyReceives:
            "expected two keys, found one that would both sign and receive"
        case .revocationListNotCarried(let profile):
            "profile \(profile) has no place for a revocation list"
        case .unwritableTime(let time):
            "expected a signing time from 1950 to 9999, found \(time)"
        case .notAsMade:
            "the token that was made is not the one that was asked for"
        case .engine(let error):
            error.description
        }
    }
}
