/// Derives initial keys, a column of devices at a time, with a cipher for the BDK.
///
/// One owner: a worker.
public final class InitialKeyDerivation {
    /// The algorithm of the keys that come out.
    public let algorithm: KeyAlgorithm
    private let cipher: any BlockCipher
    /// TDES only: the cipher under the BDK's variant.
    private let variantCipher: (any BlockCipher)?
    private let halves: SecretScratch

    /// - Parameter capacity: the most devices in one call.
    @_spi(Engine) public convenience init(
        _ bdk: borrowing BaseDerivationKey, engine: any CipherEngine, capacity: Int
    ) throws(EngineError) {
        var variantCipher: (any BlockCipher)?
        if let variant = bdk.makeVariant() { variantCipher = try engine.makeCipher(for: variant) }
        self.init(
            algorithm: bdk.algorithm, cipher: try engine.makeCipher(for: bdk.key), variantCipher: variantCipher,
            capacity: capacity)
    }

    /// - Parameters:
    ///   - variantCipher: TDES only, and then needed.
    ///   - capacity: the most devices in one call.
    init(algorithm: KeyAlgorithm, cipher: any BlockCipher, variantCipher: (any BlockCipher)?, capacity: Int) {
        self.algorithm = algorithm
        self.cipher = cipher
        self.variantCipher = variantCipher
        halves = SecretScratch(byteCount: algorithm.isTDES ? capacity * 8 : 0)
    }

    /// Derives the key of every serial number, given as its leading 8 bytes (``InitialKeySerialNumber/leading``).
    public func derive(_ serialNumbers: UnsafeBufferPointer<UInt64>, into keys: KeyColumn) throws(EngineError) {
        precondition(keys.algorithm == algorithm && serialNumbers.count * keys.stride <= keys.scratch.bytes.count)
        keys.count = serialNumbers.count
        if let variantCipher {
            // X9.24-1:2009 A.6: the left half under the BDK, the right half under its variant.
            try deriveHalf(serialNumbers, under: cipher, offset: 0, into: keys)
            try deriveHalf(serialNumbers, under: variantCipher, offset: 8, into: keys)
        } else {
            try deriveWhole(serialNumbers, into: keys)
        }
    }

    private func deriveHalf(
        _ serialNumbers: UnsafeBufferPointer<UInt64>, under cipher: any BlockCipher, offset: Int, into keys: KeyColumn
    ) throws(EngineError) {
        let half = UnsafeMutableRawBufferPointer(rebasing: halves.bytes[..<(serialNumbers.count * 8)])
        for row in serialNumbers.indices {
            half.storeBytes(of: serialNumbers[row].bigEndian, toByteOffset: row * 8, as: UInt64.self)
        }
        try cipher.encrypt(half)
        let stride = keys.stride
        for row in serialNumbers.indices {
            keys.scratch.bytes.storeBytes(
                of: half.load(fromByteOffset: row * 8, as: UInt64.self), toByteOffset: row * stride + offset,
                as: UInt64.self)
        }
    }

    /// X9.24-3:2017 6.3.1 to 6.3.3: one block of derivation data for every 16 bytes of key.
    private func deriveWhole(
        _ serialNumbers: UnsafeBufferPointer<UInt64>, into keys: KeyColumn
    ) throws(EngineError) {
        let blocksPerKey = keys.stride / 16
        let column = UnsafeMutableRawBufferPointer(rebasing: keys.scratch.bytes[..<(serialNumbers.count * keys.stride)])
        for row in serialNumbers.indices {
            for block in 0..<blocksPerKey {
                let offset = row * keys.stride + block * 16
                let data = Self.derivationData(algorithm, block: block)
                column.storeBytes(of: data.bigEndian, toByteOffset: offset, as: UInt64.self)
                column.storeBytes(of: serialNumbers[row].bigEndian, toByteOffset: offset + 8, as: UInt64.self)
            }
        }
        try cipher.encrypt(column)
    }

    /// The constant half of the derivation data: version 01, block counter, key usage 8001 (key derivation, initial
    /// key), algorithm of the derived key, its length in bits.
    ///
    /// X9.24-3:2017 6.3.3, tables 2 to 4.
    private static func derivationData(_ algorithm: KeyAlgorithm, block: Int) -> UInt64 {
        let algorithmCode: UInt64 = algorithm == .aes128 ? 2 : algorithm == .aes192 ? 3 : 4
        return 0x01 << 56 | UInt64(block + 1) << 48 | 0x8001 << 32 | algorithmCode << 16
            | UInt64(algorithm.byteCount * 8)
    }
}
