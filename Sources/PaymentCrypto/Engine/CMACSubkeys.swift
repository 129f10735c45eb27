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

extension CMACSubkeys {
    /// Xors the last part of a message, whole or not, into the state, with the subkey that goes with it.
    ///
    /// See NIST SP 800-38B, 6.2, step 4.
    func absorbLast(_ part: UnsafeRawBufferPointer, into state: UnsafeMutableRawBufferPointer) {
        state.xor(part)
        if part.count == state.count {
            state.xor(whole)
        } else {
            state[part.count] ^= 0x80
            state.xor(padded)
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Xors as many bytes as `other` has into the front of this buffer, eight at a time where it can.
    @inline(__always)
    func xor(_ other: UnsafeRawBufferPointer) {
        precondition(other.count <= count)
        guard let target = baseAddress, let source = other.baseAddress else { return }
        var offset = 0
        while offset + 8 <= other.count {
            let mixed =
                target.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                ^ source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            target.storeBytes(of: mixed, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        while offset < other.count {
            let mixed =
                target.load(fromByteOffset: offset, as: UInt8.self)
                ^ source.load(fromByteOffset: offset, as: UInt8.self)
            target.storeBytes(of: mixed, toByteOffset: offset, as: UInt8.self)
            offset += 1
        }
    }
}
