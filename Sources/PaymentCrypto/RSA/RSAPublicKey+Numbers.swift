extension RSAPublicKey {
    /// A key from its numbers, big-endian, as tokens give them.
    @_spi(Engine) public convenience init(modulus: [UInt8], publicExponent: [UInt8]) throws(RSAKeyError) {
        let numbers = DEREncoding.sequence(DEREncoding.integer(modulus), DEREncoding.integer(publicExponent))
        try self.init(
            subjectPublicKeyInfo: DEREncoding.sequence(Self.algorithmIdentifier, DEREncoding.bitString(numbers)))
    }
}
