import COpenSSL

/// A site's master key, AES-256: everything that a site keeps hangs on it, each purpose by a subkey of its own.
public struct MasterKey: ~Copyable, Sendable {
    /// What a subkey is for; the text goes into its derivation and never changes.
    public enum Purpose: String, Sendable {
        /// The MAC of the site's settings.
        case siteSettings = "ipek site settings"
        /// The MAC of the keyring.
        case keyring = "ipek keyring"
        /// The key blocks in the keyring.
        case keyBlocks = "ipek keyring key blocks"
        /// The custodians' stretched passphrases.
        case custodians = "ipek custodians"
        /// The codes of the audit log's lines.
        case auditLog = "ipek audit log"
        /// The codes of the journals of runs.
        case runJournal = "ipek run journal"
        /// The code of a backup.
        case siteBackup = "ipek site backup"
    }

    static let byteCount = 32

    let bytes: SecretBytes

    init(_ bytes: consuming SecretBytes) {
        self.bytes = bytes
    }

    /// A fresh random key.
    public static func random() throws(EngineError) -> MasterKey {
        MasterKey(
            try SecretBytes(count: byteCount) { memory throws(EngineError) in try SystemRandom().fill(memory) })
    }

    /// The subkey for one purpose.
    ///
    /// The master key is uniformly random, so HKDF needs its expand step alone: one HMAC-SHA256 gives 32 bytes. See
    /// RFC 5869, clauses 2.3 and 3.3.
    public borrowing func subkey(_ purpose: Purpose) throws(EngineError) -> SymmetricKey {
        let info = Array(purpose.rawValue.utf8) + [0x01]
        return try bytes.withExposedBytes { master throws(EngineError) in
            try SymmetricKey(algorithm: .aes256) { memory throws(EngineError) in
                try HMACSHA256.compute(over: info, key: master, into: memory)
            }
        }
    }

    /// HMAC-SHA256 over `message`, under the subkey of `purpose`.
    public borrowing func authenticationCode(
        _ purpose: Purpose, over message: some Collection<UInt8>
    ) throws(EngineError) -> AuthenticationCode {
        try authenticationKey(purpose).code(over: message)
    }

    /// The subkey of `purpose` as a key that makes many authentication codes.
    public borrowing func authenticationKey(_ purpose: Purpose) throws(EngineError) -> AuthenticationKey {
        AuthenticationKey(try subkey(purpose))
    }
}

/// A subkey of the master key that makes authentication codes and nothing else.
public struct AuthenticationKey: ~Copyable, Sendable {
    private let subkey: SymmetricKey

    init(_ subkey: consuming SymmetricKey) {
        self.subkey = subkey
    }

    /// HMAC-SHA256 over `message`.
    public borrowing func code(over message: some Collection<UInt8>) throws(EngineError) -> AuthenticationCode {
        let message = Array(message)
        return try subkey.bytes.withExposedBytes { key throws(EngineError) in
            try AuthenticationCode(over: message, key: key)
        }
    }
}

/// 32 bytes that prove who wrote a file; compared in constant time.
public struct AuthenticationCode: Sendable, Equatable, CustomStringConvertible {
    private let bytes: [UInt8]

    init(over message: [UInt8], key: UnsafeRawBufferPointer) throws(EngineError) {
        var bytes = [UInt8](repeating: 0, count: HMACSHA256.byteCount)
        let computed = bytes.withUnsafeMutableBytes { output in
            Result { () throws(EngineError) in try HMACSHA256.compute(over: message, key: key, into: output) }
        }
        try computed.get()
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text), bytes.count == HMACSHA256.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Equal in constant time.
    public static func == (left: AuthenticationCode, right: AuthenticationCode) -> Bool {
        left.bytes.withUnsafeBytes { mine in right.bytes.withUnsafeBytes { constantTimeEqual(mine, $0) } }
    }

    /// Upper-case hexadecimal.
    public var description: String { Hexadecimal.text(bytes) }
}

/// HMAC with SHA-256, RFC 2104.
enum HMACSHA256 {
    static let byteCount = 32

    static func compute(
        over message: [UInt8], key: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        try message.withUnsafeBufferPointer { message throws(EngineError) in
            try compute(over: UnsafeRawBufferPointer(message), key: key, into: output)
        }
    }

    static func compute(
        over message: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        precondition(output.count == byteCount)
        var written: UInt32 = 0
        guard let keyCount = Int32(exactly: key.count),
            HMAC(
                EVP_sha256(), key.baseAddress, keyCount, message.bindMemory(to: UInt8.self).baseAddress, message.count,
                output.bindMemory(to: UInt8.self).baseAddress, &written) != nil, Int(written) == byteCount
        else { throw EngineError.draining(.operationFailed("HMAC-SHA256")) }
    }
}
