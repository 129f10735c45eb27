@_spi(Engine) public import PaymentCrypto

/// One key by itself, used in one way: for measurements that compare the ways.
extension TokenVault {
    /// Columns, in ECB.
    @_spi(Engine) public func makeBlockCipher(_ uri: TokenURI, algorithm: KeyAlgorithm) throws -> any BlockCipher {
        try openKey(uri, algorithm: algorithm).makeBlockCipher()
    }

    /// One payload a call, in CBC.
    @_spi(Engine) public func makeChainCipher(_ uri: TokenURI, algorithm: KeyAlgorithm) throws -> any ChainCipher {
        TokenChainCipher(try openKey(uri, algorithm: algorithm))
    }

    /// One message a call, in CMAC.
    @_spi(Engine) public func makeMessageAuthenticator(
        _ uri: TokenURI, algorithm: KeyAlgorithm
    ) throws -> any MessageAuthenticator {
        TokenMessageAuthenticator(try openKey(uri, algorithm: algorithm))
    }
}
