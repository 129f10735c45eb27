import COpenSSL

/// An RSA key that signs, wherever it is: in this process's memory, or in a token.
///
/// Shared by the workers of a run, which sign with it at the same time.
public final class SigningKey: Sendable {
    /// The public part.
    public let publicKey: RSAPublicKey
    private let place: Place

    private enum Place: Sendable {
        case memory(RSAKeyHandle)
        case engine(@Sendable ([UInt8]) throws(EngineError) -> [UInt8])
    }

    /// A key in this process's memory, which this takes over.
    public init(_ key: consuming RSAPrivateKey) {
        publicKey = key.publicKey
        place = .memory(key.handle)
    }

    /// A key that another engine has.
    ///
    /// - Parameter sign: gives the signature over a whole message, RSASSA-PKCS1-v1_5 with SHA-256; called by many
    ///   threads at once.
    @_spi(Engine) public init(
        publicKey: RSAPublicKey, sign: @escaping @Sendable ([UInt8]) throws(EngineError) -> [UInt8]
    ) {
        self.publicKey = publicKey
        place = .engine(sign)
    }

    /// The signature over `message`: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2).
    public func sign(_ message: [UInt8]) throws(EngineError) -> [UInt8] {
        switch place {
        case .memory(let handle): try handle.sign(message)
        case .engine(let sign): try sign(message)
        }
    }
}

extension RSAKeyHandle {
    /// RSASSA-PKCS1-v1_5 with SHA-256 over a whole message.
    func sign(_ message: [UInt8]) throws(EngineError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw Self.signingFailure }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: RSANumbers.maximumByteCount)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pointer) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { throw Self.signingFailure }
        return Array(signature[..<count])
    }

    private static var signingFailure: EngineError { EngineError.draining(.operationFailed("signing")) }
}
