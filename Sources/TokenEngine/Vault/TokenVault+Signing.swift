internal import CPKCS11
@_spi(Engine) public import PaymentCrypto

extension TokenVault {
    /// The RSA key that a URI means, as one that signs; any number of workers share it.
    ///
    /// It signs once before it is given out, and the signature is verified: a private key whose public half belongs to
    /// another one is found out now and not by whoever gets a signature.
    public func signingKey(_ uri: TokenURI) throws -> SigningKey {
        let key = try TokenSigningKey(uri, in: openToken(uri))
        for warning in key.facts.warnings { warn(warning) }
        let message = Array("ipek".utf8)
        guard try key.publicKey.verifies(try key.sign(message), of: message) else {
            throw TokenError.unusable("key '\(key.facts.name)' in the token signs, but not as its public half says")
        }
        return SigningKey(publicKey: key.publicKey) { message throws(EngineError) in try key.sign(message) }
    }

    /// The same key's URI with its identifier and type, so that another key of the same label is not taken for it.
    public func pinnedSigningKey(_ uri: TokenURI) throws -> TokenURI {
        let facts = try TokenSigningKey(uri, in: openToken(uri)).facts
        return facts.id.isEmpty ? uri : uri.naming(object: facts.label, id: facts.id, type: .privateKey)
    }
}

/// An RSA private key that stays in its token.
///
/// Handles hold in every session of the process, so workers share it.
private final class TokenSigningKey: Sendable {
    let publicKey: RSAPublicKey
    let facts: TokenKeyFacts
    private let token: Token
    private let handle: CK_OBJECT_HANDLE

    init(_ uri: TokenURI, in token: Token) throws {
        handle = try KeySearch(token: token).key(uri, type: .privateKey)
        self.token = token
        facts = try TokenKeyFacts(ObjectAttributes(token: token, object: handle))
        guard facts.typeName == "RSA" else {
            throw TokenError.wrongAlgorithm(key: facts.name, expected: "RSA", found: facts.typeName)
        }
        guard facts.may("SIGN") else { throw TokenError.notPermitted("key '\(facts.name)' has no CKA_SIGN") }
        publicKey = try Self.publicKey(of: handle, facts, in: token)
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2); the token pads and computes, and does not see the message.
    func sign(_ message: [UInt8]) throws(EngineError) -> [UInt8] {
        let digestInfo = Self.digestInfoPrefix + ContentDigest.sha256(message)
        var signature = [UInt8](repeating: 0, count: publicKey.modulusByteCount)
        let outcome = signature.withUnsafeMutableBytes { signature in
            digestInfo.withUnsafeBytes { digestInfo in
                Result { () throws(CallFailure) in try token.sign(digestInfo, .rsa, with: handle, into: signature) }
            }
        }
        do throws(CallFailure) {
            guard try outcome.get() == signature.count else {
                throw CallFailure("C_Sign", CK_RV(CKR_DEVICE_ERROR))
            }
            return signature
        } catch {
            throw error.isRefusal
                ? EngineError(
                    .notPermitted("token '\(token.name)' refuses to sign with key '\(facts.name)'"), detail: "\(error)")
                : token.engineError(error)
        }
    }

    /// DigestInfo of SHA-256 up to the digest (RFC 8017, 9.2, note 1).
    private static let digestInfoPrefix: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ]

    /// From the private key itself, or from the public one beside it where the token keeps the numbers there only.
    private static func publicKey(
        of handle: CK_OBJECT_HANDLE, _ facts: TokenKeyFacts, in token: Token
    ) throws(TokenError) -> RSAPublicKey {
        for numbers in try numbers(of: handle, facts, in: token) {
            do throws(RSAKeyError) {
                return try RSAPublicKey(modulus: numbers.modulus, publicExponent: numbers.exponent)
            } catch {
                throw .unusable("key '\(facts.name)' in the token: \(error)")
            }
        }
        throw .unusable("the token does not tell the public half of key '\(facts.name)'")
    }

    private static func numbers(
        of handle: CK_OBJECT_HANDLE, _ facts: TokenKeyFacts, in token: Token
    ) throws(TokenError) -> [(modulus: [UInt8], exponent: [UInt8])] {
        let id = facts.id.isEmpty ? nil : facts.id
        var found: [(modulus: [UInt8], exponent: [UInt8])] = []
        do throws(CallFailure) {
            let beside = try KeySearch(token: token).objects(
                UInt(CKO_PUBLIC_KEY), label: id == nil ? facts.label : nil, id: id)
            for object in [handle] + beside {
                let attributes = ObjectAttributes(token: token, object: object)
                guard let modulus = try attributes.bytes(CKA_MODULUS), !modulus.isEmpty,
                    let exponent = try attributes.bytes(CKA_PUBLIC_EXPONENT), !exponent.isEmpty
                else { continue }
                found.append((modulus, exponent))
            }
        } catch {
            throw token.unavailable(error)
        }
        return found
    }
}
