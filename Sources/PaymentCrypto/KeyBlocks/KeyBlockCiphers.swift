/// The two keys that a key block protection key stands for in one version: one encrypts, one authenticates.
///
/// Versions B, D and E derive them with a CMAC, A and C xor a constant into the protection key. One owner at a time.
@_spi(Engine) public final class KeyBlockCiphers {
    /// The version that the keys are for.
    public let version: KeyBlockVersion
    let encryption: any BlockCipher
    let authentication: any BlockCipher
    let subkeys: CMACSubkeys

    /// For keys that stay in a token: its ciphers for the two derived keys.
    public init(
        version: KeyBlockVersion, encryption: any BlockCipher, authentication: any BlockCipher
    ) throws(EngineError) {
        self.version = version
        self.encryption = encryption
        self.authentication = authentication
        subkeys = try CMACSubkeys(authentication)
    }

    /// Derives both keys; the protection key must be of the cipher that the version asks for.
    public convenience init(
        _ protectionKey: borrowing SymmetricKey, version: KeyBlockVersion, engine: any CipherEngine
    ) throws(EngineError) {
        precondition(version.isTDES == protectionKey.algorithm.isTDES)
        let purpose: KeyDerivation.Purpose = version == .e ? .counterModeEncryption : .encryption
        try self.init(
            version: version,
            encryption: engine.makeCipher(for: KeyDerivation.key(purpose, from: protectionKey, version, engine)),
            authentication: engine.makeCipher(
                for: KeyDerivation.key(.authentication, from: protectionKey, version, engine)))
    }

    /// Writes the MAC over a message: CMAC (B, D, E), or the first 4 bytes of a CBC-MAC (A, C).
    ///
    /// A and C authenticate whole blocks only. `mac` has the length of the version's MAC.
    func authenticate(
        _ message: UnsafeRawBufferPointer, into mac: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        let size = authentication.blockByteCount
        let scratch = SecretScratch(byteCount: size)
        let state = scratch.bytes
        let isCMAC = version.usesCMAC
        let blocks = max((message.count + size - 1) / size, 1)
        for block in 0..<blocks {
            let part = UnsafeRawBufferPointer(
                rebasing: message[(block * size)..<min((block + 1) * size, message.count)])
            if isCMAC && block == blocks - 1 {
                subkeys.absorbLast(part, into: state)
            } else {
                state.xor(part)
            }
            try authentication.encrypt(state)
        }
        mac.copyMemory(from: UnsafeRawBufferPointer(rebasing: state[..<version.macByteCount]))
    }
}

extension KeyBlockVersion {
    /// Whether keys are derived and blocks authenticated with a CMAC; A and C do it with variants and a CBC-MAC.
    var usesCMAC: Bool { canBeMade }
}

/// How the two keys come out of the protection key.
///
/// X9.143:2021 and TR-31:2018 5.3; ISO 20038 for version E.
enum KeyDerivation {
    enum Purpose: UInt16 {
        /// CBC, versions B and D.
        case encryption = 0x0000
        case authentication = 0x0001
        /// CTR, version E.
        case counterModeEncryption = 0x0002
    }

    static func key(
        _ purpose: Purpose, from protectionKey: borrowing SymmetricKey, _ version: KeyBlockVersion,
        _ engine: any CipherEngine
    ) throws(EngineError) -> SymmetricKey {
        version.usesCMAC
            ? try derived(purpose, from: protectionKey, engine)
            : variant(purpose == .authentication ? 0x4D : 0x45, of: protectionKey)
    }

    /// Versions A and C: the protection key with every byte xored, 45 for encryption or 4D for authentication.
    private static func variant(_ constant: UInt8, of key: borrowing SymmetricKey) -> SymmetricKey {
        key.bytes.withExposedBytes { bytes in
            SymmetricKey(algorithm: key.algorithm) { memory in
                for index in 0..<bytes.count { memory[index] = bytes[index] ^ constant }
            }
        }
    }

    /// Versions B, D and E: CMAC(KBPK, counter | purpose | 00 | algorithm | bits), as many blocks as the key needs.
    private static func derived(
        _ purpose: Purpose, from key: borrowing SymmetricKey, _ engine: any CipherEngine
    ) throws(EngineError) -> SymmetricKey {
        let cipher = try engine.makeCipher(for: key)
        let subkeys = try CMACSubkeys(cipher)
        let size = cipher.blockByteCount
        let count = (key.algorithm.byteCount + size - 1) / size
        let scratch = SecretScratch(byteCount: count * size)
        for index in 0..<count {
            var data = derivationData(purpose, key.algorithm, counter: UInt8(truncatingIfNeeded: index + 1)).bigEndian
            let block = UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[(index * size)..<(index + 1) * size])
            withUnsafeBytes(of: &data) { subkeys.absorbLast($0, into: block) }
        }
        try cipher.encrypt(scratch.bytes)
        return SymmetricKey(algorithm: key.algorithm) { memory in
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: scratch.bytes[..<memory.count]))
        }
    }

    private static func derivationData(_ purpose: Purpose, _ algorithm: KeyAlgorithm, counter: UInt8) -> UInt64 {
        let code: UInt64 =
            switch algorithm {
            case .tdes2Key: 0x0000
            case .tdes3Key: 0x0001
            case .aes128: 0x0002
            case .aes192: 0x0003
            case .aes256: 0x0004
            }
        return UInt64(counter) << 56 | UInt64(purpose.rawValue) << 40 | code << 16 | UInt64(algorithm.byteCount * 8)
    }
}
