/// The two keys that a key block protection key stands for in one version.
@_spi(Engine) public struct KeyBlockKeys: ~Copyable, Sendable {
    /// Encrypts: CBC (A to D) or CTR (E).
    public let encryption: SymmetricKey
    /// Authenticates: CMAC (B, D, E) or CBC-MAC (A, C).
    public let authentication: SymmetricKey

    /// Derives both; the protection key must be of the cipher that the version asks for.
    public init(
        from protectionKey: borrowing SymmetricKey, version: KeyBlockVersion, engine: any CipherEngine
    ) throws(EngineError) {
        precondition(version.isTDES == protectionKey.algorithm.isTDES)
        let encryption = try KeyDerivation.key(.encryption(in: version), from: protectionKey, version, engine)
        authentication = try KeyDerivation.key(.authentication, from: protectionKey, version, engine)
        self.encryption = encryption
    }

    /// The same from a protection key that stays in a token and can be used block by block; versions B, D and E only.
    public init(
        algorithm: KeyAlgorithm, cipher: any BlockCipher, version: KeyBlockVersion
    ) throws(EngineError) {
        try Self.checkIsDerived(version)
        let encryption = try KeyDerivation.derived(.encryption(in: version), algorithm, cipher)
        authentication = try KeyDerivation.derived(.authentication, algorithm, cipher)
        self.encryption = encryption
    }

    /// The same from a protection key that stays in a token and makes whole CMACs; versions B, D and E only.
    public init(
        algorithm: KeyAlgorithm, authenticator: any MessageAuthenticator, version: KeyBlockVersion
    ) throws(EngineError) {
        try Self.checkIsDerived(version)
        let encryption = try KeyDerivation.derived(.encryption(in: version), algorithm, authenticator)
        authentication = try KeyDerivation.derived(.authentication, algorithm, authenticator)
        self.encryption = encryption
    }

    private static func checkIsDerived(_ version: KeyBlockVersion) throws(EngineError) {
        guard version.usesCMAC else {
            throw EngineError(
                .notPermitted("key blocks of versions A and C need the wrapping key itself, which stays in its token"))
        }
    }
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

        static func encryption(in version: KeyBlockVersion) -> Purpose {
            version == .e ? .counterModeEncryption : .encryption
        }
    }

    static func key(
        _ purpose: Purpose, from protectionKey: borrowing SymmetricKey, _ version: KeyBlockVersion,
        _ engine: any CipherEngine
    ) throws(EngineError) -> SymmetricKey {
        version.usesCMAC
            ? try derived(purpose, protectionKey.algorithm, engine.makeCipher(for: protectionKey))
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
    static func derived(
        _ purpose: Purpose, _ algorithm: KeyAlgorithm, _ cipher: any BlockCipher
    ) throws(EngineError) -> SymmetricKey {
        let subkeys = try CMACSubkeys(cipher)
        return try derived(purpose, algorithm) { data, block throws(EngineError) in
            subkeys.absorbLast(data, into: block)
            try cipher.encrypt(block)
        }
    }

    static func derived(
        _ purpose: Purpose, _ algorithm: KeyAlgorithm, _ authenticator: any MessageAuthenticator
    ) throws(EngineError) -> SymmetricKey {
        try derived(purpose, algorithm) { data, block throws(EngineError) in
            try authenticator.authenticate(data, into: block)
        }
    }

    private static func derived(
        _ purpose: Purpose, _ algorithm: KeyAlgorithm,
        authenticate: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) throws(EngineError) -> Void
    ) throws(EngineError) -> SymmetricKey {
        let size = algorithm.blockByteCount
        let count = (algorithm.byteCount + size - 1) / size
        let scratch = SecretScratch(byteCount: count * size)
        for index in 0..<count {
            let data = derivationData(purpose, algorithm, counter: UInt8(truncatingIfNeeded: index + 1)).bigEndian
            let block = UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[(index * size)..<(index + 1) * size])
            let outcome = withUnsafeBytes(of: data) { bytes in
                Result { () throws(EngineError) in try authenticate(bytes, block) }
            }
            try outcome.get()
        }
        return SymmetricKey(algorithm: algorithm) { memory in
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
