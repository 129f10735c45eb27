/// How the key that encrypts key blocks is used.
@_spi(Engine) public enum KeyBlockEncryption {
    /// Block by block, a column of many key blocks in one call.
    case columns(any BlockCipher)
    /// Payload by payload, in CBC.
    case chains(any ChainCipher)
}

/// How the key that authenticates key blocks is used.
@_spi(Engine) public enum KeyBlockAuthentication {
    /// Block by block, a column of many key blocks in one call.
    case columns(any BlockCipher)
    /// Message by message, in CMAC.
    case messages(any MessageAuthenticator)
}

/// The two keys that a key block protection key stands for in one version: one encrypts, one authenticates.
///
/// Versions B, D and E derive them with a CMAC, A and C xor a constant into the protection key. One owner at a time.
@_spi(Engine) public final class KeyBlockCiphers {
    enum Authentication {
        case columns(any BlockCipher, CMACSubkeys)
        case messages(any MessageAuthenticator)
    }

    /// The version that the keys are for.
    public let version: KeyBlockVersion
    let encryption: KeyBlockEncryption
    let authentication: Authentication

    /// For keys that stay in a token.
    ///
    /// - Throws: `.notPermitted` where the version cannot be had from keys that are used so: E encrypts in counter mode,
    ///   A and C authenticate with a CBC-MAC.
    public init(
        version: KeyBlockVersion, encryption: KeyBlockEncryption, authentication: KeyBlockAuthentication
    ) throws(EngineError) {
        if version == .e, case .chains = encryption {
            throw EngineError(.notPermitted("key blocks of version E need an encryption key that may be used in ECB"))
        }
        switch authentication {
        case .columns(let cipher): self.authentication = .columns(cipher, try CMACSubkeys(cipher))
        case .messages(let authenticator):
            guard version.usesCMAC else {
                throw EngineError(.notPermitted("key blocks of versions A and C are not authenticated with a CMAC"))
            }
            self.authentication = .messages(authenticator)
        }
        self.version = version
        self.encryption = encryption
    }

    /// Derives both keys; the protection key must be of the cipher that the version asks for.
    public convenience init(
        _ protectionKey: borrowing SymmetricKey, version: KeyBlockVersion, engine: any CipherEngine
    ) throws(EngineError) {
        let keys = try KeyBlockKeys(from: protectionKey, version: version, engine: engine)
        try self.init(
            version: version, encryption: .columns(engine.makeCipher(for: keys.encryption)),
            authentication: .columns(engine.makeCipher(for: keys.authentication)))
    }

    /// Writes the MAC over a message: CMAC (B, D, E), or the first 4 bytes of a CBC-MAC (A, C).
    ///
    /// A and C authenticate whole blocks only. `mac` has the length of the version's MAC.
    func authenticate(
        _ message: UnsafeRawBufferPointer, into mac: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        switch authentication {
        case .messages(let authenticator): try authenticator.authenticate(message, into: mac)
        case .columns(let cipher, let subkeys): try authenticate(message, cipher, subkeys, into: mac)
        }
    }

    private func authenticate(
        _ message: UnsafeRawBufferPointer, _ cipher: any BlockCipher, _ subkeys: CMACSubkeys,
        into mac: UnsafeMutableRawBufferPointer
    ) throws(EngineError) {
        let size = cipher.blockByteCount
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
            try cipher.encrypt(state)
        }
        mac.copyMemory(from: UnsafeRawBufferPointer(rebasing: state[..<version.macByteCount]))
    }
}

extension KeyBlockVersion {
    /// Whether keys are derived and blocks authenticated with a CMAC; A and C do it with variants and a CBC-MAC.
    var usesCMAC: Bool { canBeMade }
}
