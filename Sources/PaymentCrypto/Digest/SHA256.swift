import COpenSSL

/// A SHA-256 digest of something public, such as a manifest or an output file (FIPS 180-4, 6.2).
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Takes the 32 bytes, or nothing where there are more or fewer.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits of either case.
    public init?(_ text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// 64 lower-case hexadecimal digits, as `sha256sum` prints them.
    public var description: String { Hexadecimal.text(bytes).lowercased() }
}

/// Bytes that come piece by piece, and their SHA-256 so far.
///
/// One owner at a time; not for secrets, since what is being hashed stays in OpenSSL's context.
public final class SHA256Stream {
    private let context: OpaquePointer

    /// Begins with nothing.
    public init() throws(EngineError) {
        guard let algorithm = Self.fetched.algorithm else {
            throw EngineError.draining(.cipherUnavailable("SHA-256"))
        }
        guard let context = EVP_MD_CTX_new() else { throw Self.failure }
        guard EVP_DigestInit_ex2(context, algorithm, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw Self.failure
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Adds bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw Self.failure }
    }

    /// Forgets what came before.
    public func restart() throws(EngineError) {
        guard EVP_DigestInit_ex2(context, nil, nil) == 1 else { throw Self.failure }
    }

    /// The digest of all bytes so far; more may follow.
    public func digest() throws(EngineError) -> SHA256Digest {
        guard let copy = EVP_MD_CTX_new() else { throw Self.failure }
        defer { EVP_MD_CTX_free(copy) }
        var bytes = [UInt8](repeating: 0, count: 32)
        guard EVP_MD_CTX_copy_ex(copy, context) == 1, EVP_DigestFinal_ex(copy, &bytes, nil) == 1,
            let digest = SHA256Digest(bytes: bytes)
        else { throw Self.failure }
        return digest
    }

    /// The digest of one small piece by itself, as 64 lower-case digits; what came before is forgotten.
    ///
    /// For many small files: nothing is allocated.
    public func hash(
        _ bytes: UnsafeRawBufferPointer, toHexadecimal text: UnsafeMutablePointer<UInt8>
    ) throws(EngineError) {
        var whole: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isDone = withUnsafeMutableBytes(of: &whole) { result in
            EVP_DigestInit_ex2(context, nil, nil) == 1
                && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
                && EVP_DigestFinal_ex(context, result.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
        }
        guard isDone else { throw Self.failure }
        withUnsafeBytes(of: whole) { Hexadecimal.write($0, to: text) }
        // 'A' to 'F' become 'a' to 'f'; the digits have that bit already.
        for index in 0..<64 { text[index] |= 0x20 }
    }

    private static var failure: EngineError { EngineError.draining(.operationFailed("SHA-256")) }

    /// Unchecked: a fetched EVP_MD is immutable and counted by reference, and this one is never freed.
    private struct Fetched: @unchecked Sendable {
        let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
    }

    private static let fetched = Fetched()
}
