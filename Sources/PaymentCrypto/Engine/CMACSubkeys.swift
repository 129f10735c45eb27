import COpenSSL

/// The two subkeys of CMAC, made once per key.
///
/// See NIST SP 800-38B, 6.1.
final class CMACSubkeys {
    /// Xored into a last block that is whole.
    let whole: UnsafeRawBufferPointer
    /// Xored into a last block that was padded.
    let padded: UnsafeRawBufferPointer
    private let scratch: SecretScratch

    init(_ cipher: any BlockCipher) throws(EngineError) {
        let count = cipher.blockByteCount
        scratch = SecretScratch(byteCount: 2 * count)
        let first = UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[..<count])
        let second = UnsafeMutableRawBufferPointer(rebasing: scratch.bytes[count...])
        try cipher.encrypt(first)
        Self.double(first)
        second.copyMemory(from: UnsafeRawBufferPointer(first))
        Self.double(second)
        whole = UnsafeRawBufferPointer(first)
        padded = UnsafeRawBufferPointer(second)
    }

    /// Multiplies by x in GF(2^64) or GF(2^128), in place, without a branch on the bits.
    static func double(_ block: UnsafeMutableRawBufferPointer) {
        // The constants of SP 800-38B, 5.3: R64 = 1B, R128 = 87.
        let reduction: UInt8 = block.count == 8 ? 0x1B : 0x87
        let carry = block[0] >> 7
        for index in 0..<block.count - 1 {
            block[index] = block[index] << 1 | block[index + 1] >> 7
        }
        block[block.count - 1] = block[block.count - 1] << 1 ^ (reduction & (0 &- carry))
    }
}
