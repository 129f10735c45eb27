/// The DES keys that undo themselves or each other.
///
/// See NIST SP 800-67 Rev. 2, 3.3.2 (3.4.2 before), and FIPS 74. The 48 possibly weak keys, which the first one
/// advises against too, are left alone: none of them undoes itself or another one.
enum WeakDESKeys {
    /// Encrypting twice gives the plain text back.
    static let weak: [UInt64] = [
        0x0101_0101_0101_0101, 0xFEFE_FEFE_FEFE_FEFE, 0xE0E0_E0E0_F1F1_F1F1, 0x1F1F_1F1F_0E0E_0E0E,
    ]

    /// Encrypting under both keys of a pair gives the plain text back.
    static let semiWeak: [UInt64] = [
        0x011F_011F_010E_010E, 0x1F01_1F01_0E01_0E01,
        0x01E0_01E0_01F1_01F1, 0xE001_E001_F101_F101,
        0x01FE_01FE_01FE_01FE, 0xFE01_FE01_FE01_FE01,
        0x1FE0_1FE0_0EF1_0EF1, 0xE01F_E01F_F10E_F10E,
        0x1FFE_1FFE_0EFE_0EFE, 0xFE1F_FE1F_FE0E_FE0E,
        0xE0FE_E0FE_F1FE_F1FE, 0xFEE0_FEE0_FEF1_FEF1,
    ]

    /// Whether 8 bytes of a TDES key are one of them, parity bits not looked at.
    ///
    /// Every key is compared, whatever came of the one before: the time tells nothing of the key.
    static func contain(_ part: UInt64) -> Bool {
        (weak + semiWeak).reduce(0) { found, key in
            let difference = (part ^ key) & 0xFEFE_FEFE_FEFE_FEFE
            // The top bit of `x | -x` is clear only for zero.
            return found | ~(difference | (0 &- difference)) >> 63
        } != 0
    }
}
