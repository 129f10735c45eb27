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

    func isPartEqual(_ left: Int, _ right: Int) -> Bool {
        let mask = significantBits
        return bytes.withExposedBytes { bytes in
            (0..<8).reduce(0) { $0 | (bytes[8 * left + $1] ^ bytes[8 * right + $1]) & mask } == 0
        }
    }

    /// DES leaves out the lowest bit of each byte.
    private var significantBits: UInt8 { algorithm.isTDES ? 0xFE : 0xFF }
}
