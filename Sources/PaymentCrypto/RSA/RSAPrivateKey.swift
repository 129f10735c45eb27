import COpenSSL

/// An RSA key pair in this process's memory: one place, wiped when it goes.
///
/// What is generated lies in OpenSSL's secure heap. To work with any key OpenSSL keeps numbers of it in ordinary memory
/// too, and wipes them with the key. Encoded, a key lies in ``SecretBytes`` only.
public struct RSAPrivateKey: ~Copyable, Sendable {
    /// The public part.
    public let publicKey: RSAPublicKey
    let handle: RSAKeyHandle

    /// A fresh key pair with the public exponent 65537.
    public static func generate(_ size: RSAKeySize) throws(EngineError) -> RSAPrivateKey {
        // The secure heap is made together with the arena.
        _ = SecretMemory.arena
        let context = try KeyContextHandle.forRSA()
        var key: OpaquePointer?
        let isMade =
            EVP_PKEY_keygen_init(context.pointer) == 1
            && EVP_PKEY_CTX_set_rsa_keygen_bits(context.pointer, Int32(size.bitCount)) == 1
            && EVP_PKEY_generate(context.pointer, &key) == 1
        guard isMade, let key else { throw EngineError.draining(.operationFailed("making an RSA key")) }
        return try RSAPrivateKey(RSAKeyHandle(owning: key))
    }

    init(_ handle: RSAKeyHandle) throws(EngineError) {
        do throws(RSAKeyError) {
            publicKey = try RSAPublicKey(of: handle)
        } catch {
            throw EngineError(.operationFailed("reading an RSA key"), detail: error.description)
        }
        self.handle = handle
    }
}
