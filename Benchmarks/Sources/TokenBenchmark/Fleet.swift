@_spi(Engine) import PaymentCrypto
import TokenEngine

/// A base derivation key and a wrapping key in a token, and the same two in memory to check the work with.
struct Fleet {
    let family: String
    let algorithm: KeyAlgorithm
    let wrappingAlgorithm: KeyAlgorithm
    let base: StoredTokenKey
    let wrapping: StoredTokenKey
    let memoryBase: BaseKeySource
    let memoryWrapping: KeyBlockProtection

    /// Random keys, put into the token that the URI means.
    init(family: String, vault: TokenVault, token: TokenURI) throws {
        self.family = family
        algorithm = family == "tdes" ? .tdes2Key : .aes128
        wrappingAlgorithm = family == "tdes" ? .tdes2Key : .aes256
        let key = try SymmetricKey.random(algorithm)
        let wrappingKey = try SymmetricKey.random(wrappingAlgorithm)
        base = try vault.store(key, as: .baseDerivation, at: token.with(object: "bdk-\(family)"))
        wrapping = try vault.store(wrappingKey, as: .wrapping, at: token.with(object: "kbpk-\(family)"))
        memoryBase = BaseKeySource(try BaseDerivationKey(key))
        memoryWrapping = KeyBlockProtection(copying: wrappingKey)
    }

    /// X9.143 version B for TDES, D for AES.
    var version: KeyBlockVersion { family == "tdes" ? .b : .d }

    /// The serial number of the n-th device: its leading 8 bytes, the transaction counter zero.
    func serialNumber(_ device: Int) -> UInt64 {
        family == "tdes" ? 0xFFFF_9876_5400_0000 + UInt64(device) << 5 : 0x1234_5678_0000_0000 + UInt64(device)
    }

    /// The key that the token should give for a device.
    func expectedKey(_ device: Int) throws -> SymmetricKey {
        let digits = String(serialNumber(device), radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: 16 - digits.count) + digits
        let text = padded + (family == "tdes" ? "0000" : "00000000")
        return try memoryBase.initialKey(for: KeySerialNumber(text, family: DUKPTFamily(algorithm)).initial)
    }

    /// Whether a key block holds that key.
    func check(_ keyBlock: String, device: Int) throws -> Bool {
        try KeyBlock.open(keyBlock, under: memoryWrapping).takeKey().isEqual(to: expectedKey(device))
    }
}

extension TokenURI {
    /// The same token with a key of this label.
    func with(object: String) throws -> TokenURI {
        let text = "\(self)"
        let mark = text.firstIndex(of: "?") ?? text.endIndex
        return try TokenURI(text[..<mark] + ";object=\(object)" + text[mark...])
    }
}
