/// Which key may wrap which: never a stronger key under a weaker one.
///
/// The table is the one of the AWS user guide, 'Importing and exporting keys'; both algorithms are
/// effective ones (``SymmetricKey/effectiveAlgorithm``). See also PCI PIN v3.1, Normative Annex C.
public enum KeyStrength {
    private static let allowed: [KeyAlgorithm: Set<KeyAlgorithm>] = [
        .tdes2Key: [.tdes2Key, .tdes3Key, .aes128, .aes192, .aes256],
        .tdes3Key: [.tdes3Key, .aes128, .aes192, .aes256],
        .aes128: [.aes128, .aes192, .aes256],
        .aes192: [.aes192, .aes256],
        .aes256: [.aes256],
    ]

    /// Whether a key of the first algorithm may be wrapped under a key of the second.
    public static func permits(wrapping wrapped: KeyAlgorithm, under wrapping: KeyAlgorithm) -> Bool {
        allowed[wrapped]?.contains(wrapping) ?? false
    }

    /// Whether a key of this algorithm may be wrapped under an RSA key of so many bits.
    ///
    /// RSA of 2048 bits is as strong as 112 bits, of 3072 as strong as 128 (NIST SP 800-57 part 1, table 2): TDES under
    /// either, AES-128 under 3072 and up. No RSA key that is in use is strong enough for AES-192.
    public static func permits(wrapping wrapped: KeyAlgorithm, underRSA bitCount: Int) -> Bool {
        switch wrapped {
        case .tdes2Key, .tdes3Key: bitCount >= RSAKeySize.rsa2048.bitCount
        case .aes128: bitCount >= RSAKeySize.rsa3072.bitCount
        case .aes192, .aes256: false
        }
    }
}
