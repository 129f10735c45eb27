import COpenSSL

/// How a passphrase is stretched: scrypt with r = 8 and p = 1, RFC 7914.
public struct ScryptParameters: Hashable, Sendable {
    /// What the cost may be: 12 takes milliseconds, 17 about half a second and 128 MiB, 22 fifteen seconds and 4 GiB.
    public static let permittedLogN = 12...22
    /// The cost of a site that does not say otherwise.
    public static let standardLogN = 17
    /// The length of the salt in bytes.
    public static let saltByteCount = 16

    /// The base-2 logarithm of the cost N.
    public let logN: Int
    /// Random, one for each site.
    public let salt: [UInt8]

    /// Nil for a cost or a salt that is out of range.
    public init?(logN: Int, salt: [UInt8]) {
        guard Self.permittedLogN.contains(logN), salt.count == Self.saltByteCount else { return nil }
        self.logN = logN
        self.salt = salt
    }

    /// A fresh salt; nil for a cost that is out of range.
    public static func random(logN: Int) throws(EngineError) -> ScryptParameters? {
        var salt = [UInt8](repeating: 0, count: saltByteCount)
        let filled = salt.withUnsafeMutableBytes { bytes in
            Result { () throws(EngineError) in try SystemRandom().fill(bytes) }
        }
        try filled.get()
        return ScryptParameters(logN: logN, salt: salt)
    }

    /// The 32 bytes that stand for a passphrase from here on.
    func stretch(_ passphrase: borrowing Passphrase) throws(EngineError) -> SecretBytes {
        let logN = logN
        let salt = salt
        return try passphrase.bytes.withExposedBytes { text throws(EngineError) in
            try Scrypt.derive(text, salt: salt, n: 1 << logN, r: 8, p: 1, byteCount: 32)
        }
    }
}

/// scrypt, RFC 7914 clause 6.
enum Scrypt {
    static func derive(
        _ passphrase: UnsafeRawBufferPointer, salt: [UInt8], n: Int, r: Int, p: Int, byteCount: Int
    ) throws(EngineError) -> SecretBytes {
        // OpenSSL refuses more than 32 MiB unless it is told otherwise; B and V take 128 r (N + p + 1) bytes and a little.
        let memory = UInt64(128 * r * (n + p + 2)) + 1 << 20
        return try SecretBytes(count: byteCount) { output throws(EngineError) in
            let done = EVP_PBE_scrypt(
                passphrase.bindMemory(to: CChar.self).baseAddress, passphrase.count, salt, salt.count,
                UInt64(n), UInt64(r), UInt64(p), memory, output.bindMemory(to: UInt8.self).baseAddress, output.count)
            guard done == 1 else { throw EngineError.draining(.operationFailed("scrypt")) }
        }
    }
}
