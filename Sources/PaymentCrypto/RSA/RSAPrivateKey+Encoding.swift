import COpenSSL

// PrivateKeyInfo ::= SEQUENCE { version INTEGER (0), AlgorithmIdentifier, OCTET STRING { RSAPrivateKey } }
// RSAPrivateKey ::= SEQUENCE { version INTEGER (0), n, e, d, p, q, d mod (p-1), d mod (q-1), (inverse of q) mod p }
// See RFC 5208, 5 (PKCS #8) and RFC 8017, A.1.2.

extension RSAPrivateKey {
    /// The most bytes that a key of 4096 bits has as a PrivateKeyInfo, and some more.
    private static let capacity = 3072

    /// The key as a PrivateKeyInfo in DER.
    borrowing func encoded() throws(EngineError) -> SecretBytes {
        guard let numbers = RSANumbers(of: handle, RSANumber.allCases) else { throw Self.encodingFailure }
        var writer = SecretDERWriter(capacity: Self.capacity)
        for number in RSANumber.allCases.reversed() {
            numbers.withBytes(number) { writer.prependInteger($0) }
        }
        let version: [UInt8] = [DERTag.integer, 1, 0]
        writer.prepend(version)
        writer.close(DERTag.sequence, since: 0)
        writer.close(DERTag.octetString, since: 0)
        writer.prepend(RSAPublicKey.algorithmIdentifier)
        writer.prepend(version)
        writer.close(DERTag.sequence, since: 0)
        guard let encoded = writer.finish() else { throw Self.encodingFailure }
        return encoded
    }

    /// Reads a PrivateKeyInfo with exactly this form; nil for another, and for numbers that make no key.
    static func decode(_ encoded: borrowing SecretBytes) throws(EngineError) -> RSAPrivateKey? {
        let numbers = encoded.withExposedBytes { Self.readNumbers($0) }
        guard let numbers else { return nil }
        _ = SecretMemory.arena
        guard let handle = try? numbers.makeKey(selection: ipek_key_pair), let key = try? RSAPrivateKey(handle) else {
            return nil
        }
        guard try key.isConsistent() else { return nil }
        return key
    }

    /// Whether the private part belongs to the public one: signs something and looks.
    private borrowing func isConsistent() throws(EngineError) -> Bool {
        let message: [UInt8] = [0]
        guard let signature = try? handle.sign(message) else { return false }
        return try publicKey.verifies(signature, of: message)
    }

    private static func readNumbers(_ bytes: UnsafeRawBufferPointer) -> RSANumbers? {
        var outside = DERReader(bytes)
        guard var info = outside.enter(DERTag.sequence), outside.isAtEnd,
            info.next(DERTag.integer)?.elementsEqual([0]) == true,
            info.next(DERTag.sequence)?.elementsEqual(RSAPublicKey.algorithmIdentifier.dropFirst(2)) == true,
            var inside = info.enter(DERTag.octetString), info.isAtEnd,
            var key = inside.enter(DERTag.sequence), inside.isAtEnd,
            key.next(DERTag.integer)?.elementsEqual([0]) == true
        else { return nil }
        var numbers = RSANumbers()
        for number in RSANumber.allCases {
            guard let magnitude = key.nextPositiveInteger(), numbers.set(number, magnitude) else { return nil }
        }
        return key.isAtEnd ? numbers : nil
    }

    private static var encodingFailure: EngineError { EngineError.draining(.operationFailed("encoding an RSA key")) }
}
