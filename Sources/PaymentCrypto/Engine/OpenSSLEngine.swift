import COpenSSL
import Glibc

/// The engine that leaves every block to OpenSSL's EVP interface.
@_spi(Engine) public struct OpenSSLEngine: CipherEngine {
    /// The engine has no state of its own.
    public init() {}

    /// A cipher with its own EVP context, set to the key once.
    public func makeCipher(for key: borrowing SymmetricKey) throws(EngineError) -> any BlockCipher {
        try OpenSSLCipher(key)
    }

    /// A cipher whose one EVP context gets a fresh key per row.
    public func makeCheckValueCipher(for algorithm: KeyAlgorithm) throws(EngineError) -> any CheckValueCipher {
        try OpenSSLCheckValueCipher(algorithm)
    }
}

/// The ciphers, fetched once: a fetch at each use would cost more than a block.
enum FetchedCipher {
    static func ecb(_ algorithm: KeyAlgorithm) throws(EngineError) -> OpaquePointer {
        let fetched =
            switch algorithm {
            case .tdes2Key: tdes2Key
            case .tdes3Key: tdes3Key
            case .aes128: aes128
            case .aes192: aes192
            case .aes256: aes256
            }
        guard let cipher = fetched.cipher else { throw EngineError.draining(.cipherUnavailable(fetched.name)) }
        return cipher
    }

    /// Unchecked: a fetched EVP_CIPHER is immutable and counted by reference, and these are never freed.
    private struct Fetched: @unchecked Sendable {
        let name: String
        let cipher: OpaquePointer?

        init(_ name: String) {
            self.name = name
            cipher = EVP_CIPHER_fetch(nil, name, nil)
        }
    }

    private static let tdes2Key = Fetched("DES-EDE-ECB")
    private static let tdes3Key = Fetched("DES-EDE3-ECB")
    private static let aes128 = Fetched("AES-128-ECB")
    private static let aes192 = Fetched("AES-192-ECB")
    private static let aes256 = Fetched("AES-256-ECB")
}

/// An EVP context that frees itself; OpenSSL wipes the key schedule in it.
struct CipherContext: ~Copyable {
    let pointer: OpaquePointer

    init() throws(EngineError) {
        guard let pointer = EVP_CIPHER_CTX_new() else {
            throw EngineError.draining(.operationFailed("making a cipher context"))
        }
        self.pointer = pointer
    }

    deinit {
        EVP_CIPHER_CTX_free(pointer)
    }
}

/// One key in one pair of EVP contexts; the one for decryption is made when it is first needed.
private final class OpenSSLCipher: BlockCipher {
    let blockByteCount: Int
    private let encryption: CipherContext
    private let decryption: CipherContext

    init(_ key: borrowing SymmetricKey) throws(EngineError) {
        let cipher = try FetchedCipher.ecb(key.algorithm)
        let encryption = try CipherContext()
        let decryption = try CipherContext()
        let isSet = key.bytes.withExposedBytes { bytes in
            let start = bytes.bindMemory(to: UInt8.self).baseAddress
            return EVP_EncryptInit_ex2(encryption.pointer, cipher, start, nil, nil) == 1
                && EVP_DecryptInit_ex2(decryption.pointer, cipher, start, nil, nil) == 1
        }
        guard isSet else { throw EngineError.draining(.operationFailed("setting a key")) }
        EVP_CIPHER_CTX_set_padding(encryption.pointer, 0)
        EVP_CIPHER_CTX_set_padding(decryption.pointer, 0)
        blockByteCount = key.algorithm.blockByteCount
        self.encryption = encryption
        self.decryption = decryption
    }

    func encrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError) {
        let start = column.bindMemory(to: UInt8.self).baseAddress
        var written: Int32 = 0
        guard let count = Int32(exactly: column.count),
            EVP_EncryptUpdate(encryption.pointer, start, &written, start, count) == 1, written == count
        else { throw EngineError.draining(.operationFailed("encryption")) }
    }

    func decrypt(_ column: UnsafeMutableRawBufferPointer) throws(EngineError) {
        let start = column.bindMemory(to: UInt8.self).baseAddress
        var written: Int32 = 0
        guard let count = Int32(exactly: column.count),
            EVP_DecryptUpdate(decryption.pointer, start, &written, start, count) == 1, written == count
        else { throw EngineError.draining(.operationFailed("decryption")) }
    }
}

/// One EVP context that is given a fresh key per row.
private final class OpenSSLCheckValueCipher: CheckValueCipher {
    private let algorithm: KeyAlgorithm
    private let context: CipherContext

    init(_ algorithm: KeyAlgorithm) throws(EngineError) {
        let context = try CipherContext()
        guard EVP_EncryptInit_ex2(context.pointer, try FetchedCipher.ecb(algorithm), nil, nil, nil) == 1 else {
            throw EngineError.draining(.operationFailed("making a check value cipher"))
        }
        EVP_CIPHER_CTX_set_padding(context.pointer, 0)
        self.algorithm = algorithm
        self.context = context
    }

    func checkBlocks(
        _ method: CheckValueMethod, keys: UnsafeRawBufferPointer, stride: Int,
        into blocks: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        let blockByteCount = algorithm.blockByteCount
        let keyBytes = keys.bindMemory(to: UInt8.self)
        let blockBytes = blocks.bindMemory(to: UInt8.self)
        guard let firstKey = keyBytes.baseAddress, let firstBlock = blockBytes.baseAddress else { return }
        let rows = blocks.count / blockByteCount
        precondition(rows * stride <= keys.count + stride - algorithm.byteCount)
        memset(firstBlock, 0, blocks.count)
        for row in 0..<rows {
            let block = firstBlock + row * blockByteCount
            guard EVP_EncryptInit_ex2(context.pointer, nil, firstKey + row * stride, nil, nil) == 1,
                encrypt(block, count: blockByteCount)
            else { throw EngineError.draining(.operationFailed("computing a check value")) }
            if method == .cmac {
                // CMAC over one block of zeros: E(0 xor K1), with K1 = 2 E(0). NIST SP 800-38B, 6.1 and 6.2.
                CMACSubkeys.double(UnsafeMutableRawBufferPointer(start: block, count: blockByteCount))
                guard encrypt(block, count: blockByteCount) else {
                    throw EngineError.draining(.operationFailed("computing a check value"))
                }
            }
        }
    }

    private func encrypt(_ block: UnsafeMutablePointer<UInt8>, count: Int) -> Bool {
        var written: Int32 = 0
        return EVP_EncryptUpdate(context.pointer, block, &written, block, Int32(truncatingIfNeeded: count)) == 1
    }
}
