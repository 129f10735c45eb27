@_spi(Engine) public import PaymentCrypto
internal import Synchronization

/// The door to keys that stay in PKCS#11 tokens: opens what URIs name, and logs in once per token and process.
///
/// Its functions throw a ``TokenError``, an `EngineError` where a token that was opened fails, or whatever `askPIN`
/// throws. Keys that were opened are shared by any number of workers.
public final class TokenVault: Sendable {
    private let askPIN: @Sendable (String) throws -> SecretLine
    private let show: @Sendable (String) -> Void
    private let shown = Mutex<Set<String>>([])

    /// - Parameters:
    ///   - askPIN: asks for the user PIN of the token that is named, where the URI has no `pin-source`; called once per
    ///     token at most, since a PIN is never tried twice.
    ///   - warn: shows a warning: a PIN that is nearly locked, a key that can be taken out of its token.
    public init(
        askPIN: @escaping @Sendable (_ token: String) throws -> SecretLine,
        warn: @escaping @Sendable (_ warning: String) -> Void
    ) {
        self.askPIN = askPIN
        show = warn
    }

    /// A base derivation key: two-key TDES with its variant, or AES without.
    public func baseKey(
        _ uri: TokenURI, variant: TokenURI?, algorithm: KeyAlgorithm
    ) throws -> BaseKeySource {
        guard algorithm != .tdes3Key else {
            throw TokenError.unusable("expected a two-key TDES or an AES key, found a three-key TDES key")
        }
        guard algorithm.isTDES == (variant != nil) else {
            throw TokenError.unusable(
                algorithm.isTDES
                    ? "a TDES base derivation key in a token needs its variant as a second key, which was not given"
                    : "an AES base derivation key has no variant, but one was given")
        }
        let key = try openKey(uri, algorithm: algorithm)
        let variantKey = try variant.map { try openKey($0, algorithm: algorithm) }
        _ = try key.makeBlockCipher()
        if let variantKey { try checkDiffer(key, variantKey) }
        return BaseKeySource(
            algorithm: algorithm, makeCipher: Self.cipherMaker(key),
            makeVariantCipher: variantKey.map(Self.cipherMaker))
    }

    /// A wrapping key.
    ///
    /// With the two keys that are derived from it as objects of their own, all stays in the token. They are for one
    /// version: B under a TDES key, D under an AES key. Without them both are derived when they are needed, and are in
    /// this process's memory; the wrapping key is not.
    ///
    /// - Parameter effective: what counts for strength, where it is less than `algorithm`: from outside a three-key TDES
    ///   key with K1 = K3 looks like any other.
    public func protection(
        _ uri: TokenURI, encryption: TokenURI?, authentication: TokenURI?, algorithm: KeyAlgorithm,
        effective: KeyAlgorithm? = nil
    ) throws -> KeyBlockProtection {
        guard (encryption == nil) == (authentication == nil) else {
            throw TokenError.unusable(
                "expected both keys that are derived from the wrapping key, or neither; found one")
        }
        let key = try openKey(uri, algorithm: algorithm)
        let ciphers: @Sendable (KeyBlockVersion) throws(EngineError) -> KeyBlockCiphers
        if let encryption, let authentication {
            let inside = InsideKeys(
                encryption: try openKey(encryption, algorithm: algorithm),
                authentication: try openKey(authentication, algorithm: algorithm))
            _ = try inside.makeCiphers(.standard(under: algorithm))
            ciphers = { version throws(EngineError) in try inside.makeCiphers(version) }
        } else {
            _ = try key.makeAuthentication()
            let derived = DerivedKeys(key)
            ciphers = { version throws(EngineError) in try derived.makeCiphers(version) }
        }
        return KeyBlockProtection(
            algorithm: algorithm, effectiveAlgorithm: effective ?? algorithm,
            checkValue: { method throws(EngineError) in try key.checkValue(method) }, makeCiphers: ciphers)
    }

    /// A key's check value, computed with the key in its token, at full length.
    public func checkValue(
        of uri: TokenURI, algorithm: KeyAlgorithm, _ method: CheckValueMethod
    ) throws -> CheckValue {
        try openKey(uri, algorithm: algorithm).checkValue(method)
    }

    /// The fingerprint by which the ledger knows a base derivation key.
    public func fingerprint(of uri: TokenURI, algorithm: KeyAlgorithm) throws -> KeyFingerprint {
        try KeyFingerprint(cipher: openKey(uri, algorithm: algorithm).makeBlockCipher())
    }

    private static func cipherMaker(_ key: TokenKey) -> @Sendable () throws(EngineError) -> any BlockCipher {
        { () throws(EngineError) in try key.makeBlockCipher() }
    }

    /// Half of each initial key would be that of every other BDK's variant, or both halves would be the same.
    private func checkDiffer(_ key: TokenKey, _ variant: TokenKey) throws {
        guard try key.checkValue(.legacy) != variant.checkValue(.legacy) else {
            throw TokenError.unusable(
                "keys '\(key.name)' and '\(variant.name)' in the token have the same check value, "
                    + "so neither is the other's variant"
            )
        }
    }
}

extension TokenVault {
    /// The token that a URI means, logged in.
    func openToken(_ uri: TokenURI) throws -> Token {
        let token = try TokenModule.load(for: uri).token(for: uri)
        try token.logIn(warn: warn) { try pin(for: token, uri) }
        return token
    }

    /// Once each, however often a key is opened.
    func warn(_ warning: String) {
        guard shown.withLock({ $0.insert(warning).inserted }) else { return }
        show(warning)
    }

    /// The secret key that a URI means, with a warning where it is not kept well.
    func openKey(_ uri: TokenURI, algorithm: KeyAlgorithm) throws -> TokenKey {
        let key = try TokenKey(uri, in: openToken(uri), algorithm: algorithm)
        for warning in key.warnings { warn(warning) }
        return key
    }

    private func pin(for token: Token, _ uri: TokenURI) throws -> TokenPIN {
        do throws(PINSourceError) {
            if let source = uri.pinSource { return try TokenPIN(source: source) }
        } catch {
            throw TokenError.pinSource(error)
        }
        guard let pin = TokenPIN(try askPIN(token.name)) else { throw TokenError.pinSource(.notTyped) }
        return pin
    }
}
