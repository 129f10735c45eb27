import COpenSSL

/// An RSA public key of 2048 to 4096 bits.
///
/// A key that cannot be used is not made: see ``RSAKeyError``. Usable by many threads at once.
public final class RSAPublicKey: Sendable {
    /// The length of the modulus in bits.
    public let bitCount: Int
    /// The key as a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) in DER.
    public let subjectPublicKeyInfo: [UInt8]
    let handle: RSAKeyHandle

    /// Reads a SubjectPublicKeyInfo with an rsaEncryption key, with nothing before or behind it.
    public init(subjectPublicKeyInfo: [UInt8]) throws(RSAKeyError) {
        let read = subjectPublicKeyInfo.withUnsafeBytes { bytes in
            Result { () throws(RSAKeyError) in try Self.read(bytes) }
        }
        (bitCount, handle) = try read.get()
        self.subjectPublicKeyInfo = subjectPublicKeyInfo
    }

    /// The public part of a key pair.
    init(of handle: RSAKeyHandle) throws(RSAKeyError) {
        guard let numbers = RSANumbers(of: handle, [.modulus, .publicExponent]) else { throw .notRSA }
        let encoded = Self.encode(numbers)
        let read = encoded.withUnsafeBytes { bytes in Result { () throws(RSAKeyError) in try Self.read(bytes) } }
        (bitCount, self.handle) = try read.get()
        subjectPublicKeyInfo = encoded
    }

    /// The length of a signature or cryptogram in bytes.
    public var modulusByteCount: Int { (bitCount + 7) / 8 }

    /// Whether `signature` is the key's over `message`: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2).
    public func verifies(_ signature: [UInt8], of message: [UInt8]) throws(EngineError) -> Bool {
        guard let context = EVP_MD_CTX_new() else { throw Self.failure }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, handle.pointer) == 1 else { throw Self.failure }
        defer { ERR_clear_error() }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private static var failure: EngineError { EngineError.draining(.operationFailed("verifying a signature")) }
}

extension RSAPublicKey: Equatable {
    /// The same modulus and exponent.
    public static func == (left: RSAPublicKey, right: RSAPublicKey) -> Bool {
        left.subjectPublicKeyInfo == right.subjectPublicKeyInfo
    }
}

extension RSAPublicKey {
    /// AlgorithmIdentifier ::= SEQUENCE { rsaEncryption, NULL }, the whole element; see RFC 3279, 2.3.1.
    static let algorithmIdentifier: [UInt8] = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]

    // SubjectPublicKeyInfo ::= SEQUENCE { algorithm, BIT STRING { RSAPublicKey ::= SEQUENCE { n, e } } }
    private static func encode(_ numbers: RSANumbers) -> [UInt8] {
        let modulus = numbers.withBytes(.modulus) { DEREncoding.integer($0) }
        let exponent = numbers.withBytes(.publicExponent) { DEREncoding.integer($0) }
        return DEREncoding.sequence(
            algorithmIdentifier, DEREncoding.bitString(DEREncoding.sequence(modulus, exponent)))
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) throws(RSAKeyError) -> (Int, RSAKeyHandle) {
        var outside = DERReader(bytes)
        guard var info = outside.enter(DERTag.sequence), outside.isAtEnd else { throw .malformed }
        guard let algorithm = info.next(DERTag.sequence), let key = info.next(DERTag.bitString), info.isAtEnd else {
            throw .malformed
        }
        guard algorithm.elementsEqual(algorithmIdentifier.dropFirst(2)) else { throw .notRSA }
        // The first byte of a BIT STRING counts the unused bits of the last one.
        guard key.first == 0 else { throw .malformed }
        var bits = DERReader(UnsafeRawBufferPointer(rebasing: key[1...]))
        guard var numbers = bits.enter(DERTag.sequence), bits.isAtEnd,
            let modulus = numbers.nextPositiveInteger(), let exponent = numbers.nextPositiveInteger(), numbers.isAtEnd
        else { throw .malformed }
        return try makeKey(modulus: modulus, exponent: exponent)
    }

    private static func makeKey(
        modulus: UnsafeRawBufferPointer, exponent: UnsafeRawBufferPointer
    ) throws(RSAKeyError) -> (Int, RSAKeyHandle) {
        let bitCount = 8 * modulus.count - (modulus.first?.leadingZeroBitCount ?? 0)
        guard (2048...4096).contains(bitCount) else { throw .unusableSize(bitCount: bitCount) }
        // A product of two odd primes is odd; OpenSSL cannot compute with another.
        guard modulus.last.map({ $0 & 1 == 1 }) == true else { throw .malformed }
        try check(exponent: exponent)
        var numbers = RSANumbers()
        guard numbers.set(.modulus, modulus), numbers.set(.publicExponent, exponent) else { throw .malformed }
        do throws(EngineError) {
            return (bitCount, try numbers.makeKey(selection: ipek_public_key))
        } catch {
            throw .engine(error)
        }
    }

    /// FIPS 186-5, 5.4 (e): odd, above 2^16; OpenSSL takes no more than 64 bits with a long modulus.
    private static func check(exponent: UnsafeRawBufferPointer) throws(RSAKeyError) {
        guard exponent.count <= 8 else { throw .unusableExponent }
        let value = exponent.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard value >= 65537, !value.isMultiple(of: 2) else { throw .unusableExponent }
    }
}
