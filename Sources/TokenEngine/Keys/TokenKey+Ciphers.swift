internal import CPKCS11
@_spi(Engine) internal import PaymentCrypto

/// Which cipher a key gives is decided by what its attributes and its token's mechanisms allow.
extension TokenKey {
    /// A cipher for columns: in ECB, or block by block in CBC where the token has no ECB.
    func makeBlockCipher(decrypting: Bool = false) throws(EngineError) -> any BlockCipher {
        let ecb = try obstacle(.ecb(algorithm), decrypting: decrypting)
        guard let ecb else { return TokenBlockCipher(self) }
        guard try obstacle(.cbc(algorithm), decrypting: decrypting) == nil else { throw notPermitted([ecb]) }
        return SingleBlockCipher(self)
    }

    /// How the key encrypts key blocks of a version: in columns, or in CBC; B and D are opened with it, too.
    func makeEncryption(for version: KeyBlockVersion) throws(EngineError) -> KeyBlockEncryption {
        let isOpened = version != .e
        guard try obstacle(.ecb(algorithm), decrypting: isOpened) != nil else {
            return .columns(TokenBlockCipher(self))
        }
        // Version E encrypts in counter mode, which CBC does not give, but single blocks do.
        guard isOpened else { return .columns(try makeBlockCipher()) }
        let cbc = try obstacle(.cbc(algorithm), decrypting: true)
        if let cbc { throw notPermitted([cbc]) }
        return .chains(TokenChainCipher(self))
    }

    /// How the key authenticates key blocks: in columns, or with its token's CMAC.
    func makeAuthentication() throws(EngineError) -> KeyBlockAuthentication {
        let ecb = try obstacle(.ecb(algorithm))
        guard let ecb else { return .columns(TokenBlockCipher(self)) }
        let cmac = try obstacle(.cmac(algorithm), signing: true)
        if let cmac { throw notPermitted([ecb, cmac]) }
        return .messages(TokenMessageAuthenticator(self))
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
        let mechanisms = try token.mechanisms()
        for (permission, use) in needed {
            if !facts.may(permission) { return "key '\(name)' has no CKA_\(permission)" }
            if !mechanisms.offer(mechanism, for: use) { return "token '\(token.name)' has no \(mechanism.rawValue)" }
        }
        return nil
    }

    private func notPermitted(_ obstacles: [String]) -> EngineError {
        EngineError(.notPermitted(obstacles.joined(separator: ", and ")))
    }
}
