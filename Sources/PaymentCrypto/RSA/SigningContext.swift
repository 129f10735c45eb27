import COpenSSL

/// A signature that is begun, with everything looked up that OpenSSL would look up for each: only to be copied.
///
/// Unchecked: after it was made it is only read. A copy has its own state; what it shares with this is counted by
/// reference and never changed.
final class SigningContext: @unchecked Sendable {
    private let template: OpaquePointer
    // The context points into the key.
    private let key: RSAKeyHandle

    /// Nil where OpenSSL fails.
    init?(_ key: RSAKeyHandle) {
        guard let template = EVP_MD_CTX_new() else { return nil }
        guard EVP_DigestSignInit(template, nil, EVP_sha256(), nil, key.pointer) == 1 else {
            EVP_MD_CTX_free(template)
            ERR_clear_error()
            return nil
        }
        (self.template, self.key) = (template, key)
    }

    deinit {
        EVP_MD_CTX_free(template)
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 over a whole message.
    func sign(_ message: [UInt8]) throws(EngineError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw RSAKeyHandle.signingFailure }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_MD_CTX_copy_ex(context, template) == 1 else { throw RSAKeyHandle.signingFailure }
        return try RSAKeyHandle.sign(message, in: context)
    }
}
