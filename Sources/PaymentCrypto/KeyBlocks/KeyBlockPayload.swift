/// The shape of what is encrypted: the key's length in bits (2 bytes), the key, random padding.
///
/// X9.143:2021 wants the true length hidden: TDES keys are padded to 24 bytes, AES keys to 32, before the padding to the
/// cipher block. TR-31:2018 and ISO 20038 do not ask for it, so it can be left out.
struct KeyBlockPayload {
    let keyByteCount: Int
    /// The whole payload in bytes.
    let byteCount: Int

    init(_ algorithm: KeyAlgorithm, version: KeyBlockVersion, lengthObfuscation: Bool) {
        self.init(
            keyByteCount: algorithm.byteCount, hiddenByteCount: algorithm.isTDES ? 24 : 32, version: version,
            lengthObfuscation: lengthObfuscation)
    }

    /// A private key: how long it is, its public part tells.
    init(privateKeyByteCount: Int, version: KeyBlockVersion) {
        self.init(
            keyByteCount: privateKeyByteCount, hiddenByteCount: 0, version: version, lengthObfuscation: false)
    }

    private init(keyByteCount: Int, hiddenByteCount: Int, version: KeyBlockVersion, lengthObfuscation: Bool) {
        self.keyByteCount = keyByteCount
        let shown = 2 + (lengthObfuscation ? max(hiddenByteCount, keyByteCount) : keyByteCount)
        // Version E runs in counter mode and needs no whole block (ISO 20038).
        let block = version == .e ? 1 : version.blockByteCount
        byteCount = (shown + block - 1) / block * block
    }

    /// The text of the whole key block that follows the header and its optional blocks, in characters.
    func characterCount(_ version: KeyBlockVersion) -> Int { 2 * (byteCount + version.macByteCount) }

    /// Writes length and key over the front of a payload that is filled with random bytes.
    func write(_ key: UnsafeRawBufferPointer, to payload: UnsafeMutableRawBufferPointer) {
        payload.storeBytes(of: UInt16(truncatingIfNeeded: keyByteCount * 8).bigEndian, as: UInt16.self)
        UnsafeMutableRawBufferPointer(rebasing: payload[2...]).copyMemory(from: key)
    }
}
