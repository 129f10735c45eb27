/// Which key may wrap which: never a stronger key under a weaker one.
///
/// The table is the one of the AWS user guide, 'Importing and exporting keys', for symmetric keys; both algorithms are
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
}
