extension SymmetricKey {
    /// Whether no bit is set that the cipher looks at.
    public var isZero: Bool {
        let mask = significantBits
        return bytes.withExposedBytes { $0.reduce(0) { $0 | $1 & mask } == 0 }
    }

    /// Whether it is a TDES key that encrypts as DES does: K1 = K2, or K2 = K3, parity bits not looked at.
    public var isSingleDES: Bool {
        guard algorithm.isTDES else { return false }
        return isPartEqual(0, 1) || (algorithm == .tdes3Key && isPartEqual(1, 2))
    }

    /// Whether one of the 8-byte parts of a TDES key is a weak or semi-weak DES key, parity bits not looked at.
    public var hasWeakDESPart: Bool {
        guard algorithm.isTDES else { return false }
        return bytes.withExposedBytes { bytes in
            stride(from: 0, to: bytes.count, by: 8).reduce(false) { found, offset in
                let part = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                let isWeak = WeakDESKeys.contain(part)
                return found || isWeak
            }
        }
    }

    /// How many bytes of a TDES key have even parity, which the cipher does not look at; 0 for AES.
    ///
    /// DES keys were given odd parity (FIPS 46-3, appendix 1); a key that was made by XOR or at random need not have it.
    public var evenParityByteCount: Int {
        guard algorithm.isTDES else { return 0 }
        return bytes.withExposedBytes { bytes in bytes.count { $0.nonzeroBitCount.isMultiple(of: 2) } }
    }

    func isPartEqual(_ left: Int, _ right: Int) -> Bool {
        let mask = significantBits
        return bytes.withExposedBytes { bytes in
            (0..<8).reduce(0) { $0 | (bytes[8 * left + $1] ^ bytes[8 * right + $1]) & mask } == 0
        }
    }

    /// DES leaves out the lowest bit of each byte.
    private var significantBits: UInt8 { algorithm.isTDES ? 0xFE : 0xFF }
}
