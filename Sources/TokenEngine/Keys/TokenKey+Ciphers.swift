internal import CPKCS11
@_spi(Engine) internal import PaymentCrypto

/// Which cipher a key gives is decided by what its attributes and its token's mechanisms allow.
extension TokenKey {
    /// A cipher for columns: in ECB, or block by block in CBC where the token has no ECB.
    func makeBlockCipher(decrypting: Bool = false) throws(EngineError) -> any BlockCipher {
        guard let ecb = try obstacle(.ecb(algorithm), decrypting: decrypting) else { return TokenBlockCipher(self) }
        guard let cbc = try obstacle(.cbc(algorithm), decrypting: decrypting) else { return SingleBlockCipher(self) }
        throw notPermitted(ecb, cbc)
    }

    /// How the key encrypts key blocks of a version: in columns, or in CBC; B and D are opened with it, too.
    func makeEncryption(for version: KeyBlockVersion) throws(EngineError) -> KeyBlockEncryption {
        // Version E encrypts in counter mode, which needs single blocks, in one direction only.
        guard version != .e else { return .columns(try makeBlockCipher()) }
        guard let ecb = try obstacle(.ecb(algorithm), decrypting: true) else { return .columns(TokenBlockCipher(self)) }
        guard let cbc = try obstacle(.cbc(algorithm), decrypting: true) else { return .chains(TokenChainCipher(self)) }
        throw notPermitted(ecb, cbc)
    }

    /// How the key authenticates key blocks: in columns, or with its token's CMAC.
    func makeAuthentication() throws(EngineError) -> KeyBlockAuthentication {
        guard let ecb = try obstacle(.ecb(algorithm)) else { return .columns(TokenBlockCipher(self)) }
        guard let cmac = try obstacle(.cmac(algorithm), signing: true) else {
            return .messages(TokenMessageAuthenticator(self))
        }
        throw notPermitted(ecb, cmac)
    }

    /// The two keys that this wrapping key stands for, which are in this process's memory from here on.
    func deriveKeyBlockKeys(_ version: KeyBlockVersion) throws(EngineError) -> KeyBlockKeys {
        switch try makeAuthentication() {
        case .columns(let cipher): try KeyBlockKeys(algorithm: algorithm, cipher: cipher, version: version)
        case .messages(let authenticator):
            try KeyBlockKeys(algorithm: algorithm, authenticator: authenticator, version: version)
        }
    }

    /// The check value, computed with the key: what a token has in CKA_CHECK_VALUE is often wrong or empty.
    func checkValue(_ method: CheckValueMethod) throws(EngineError) -> CheckValue {
        if method == .cmac, try obstacle(.ecb(algorithm)) != nil, try obstacle(.cmac(algorithm), signing: true) == nil {
            return try CheckValue(authenticator: TokenMessageAuthenticator(self))
        }
        return try CheckValue(method, cipher: makeBlockCipher())
    }

    /// What forbids a use: the attribute that is not set or the mechanism that is not there; nil where nothing does.
    private func obstacle(
        _ mechanism: Mechanism, decrypting: Bool = false, signing: Bool = false
    ) throws(EngineError) -> String? {
        let needed: [(String, UInt)] =
            signing ? [("SIGN", CKF_SIGN)] : [("ENCRYPT", CKF_ENCRYPT)] + (decrypting ? [("DECRYPT", CKF_DECRYPT)] : [])
        if let (permission, _) = needed.first(where: { !facts.may($0.0) }) {
            return "key '\(name)' has no CKA_\(permission)"
        }
        let mechanisms = try token.mechanisms()
        let isOffered = needed.allSatisfy { mechanisms.offer(mechanism, for: $0.1) }
        return isOffered ? nil : "token '\(token.name)' has no \(mechanism.rawValue)"
    }

    private func notPermitted(_ first: String, _ second: String) -> EngineError {
        EngineError(.notPermitted(first == second ? first : "\(first), and \(second)"))
    }
}
