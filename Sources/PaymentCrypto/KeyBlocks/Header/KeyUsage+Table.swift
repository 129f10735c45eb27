extension KeyUsage {
    /// What X9.143 says about a usage: its meaning in words and the modes that it may have.
    struct Entry: Sendable {
        let meaning: String
        /// The usage's own mode comes first.
        let modes: [ModeOfUse]
    }

    /// The usage in words, or nil for one that the standard does not name.
    public var meaning: String? { Self.table[self]?.meaning }

    /// The usage's own mode: what a new key gets when nobody says otherwise.
    ///
    /// No restriction for a usage that the standard does not name.
    public var standardModeOfUse: ModeOfUse { Self.table[self]?.modes.first ?? .noRestriction }

    /// The modes that X9.143 gives this usage, or nil where it says nothing.
    ///
    /// 'No restriction' is not listed: payShield and AWS send it with any usage, and it is accepted with a note.
    public var permittedModes: Set<ModeOfUse>? { Self.table[self].map { Set($0.modes) } }

    private static let cipherModes: [ModeOfUse] = [.encryptAndDecrypt, .decrypt, .encrypt]
    private static let macModes: [ModeOfUse] = [.macBoth, .macGenerate, .macVerify]
    private static let signatureModes: [ModeOfUse] = [.sign, .verify, .signAndDecrypt]

    private static func cipher(_ meaning: String) -> Entry { Entry(meaning: meaning, modes: cipherModes) }
    private static func mac(_ meaning: String) -> Entry { Entry(meaning: meaning, modes: macModes) }
    private static func derivation(_ meaning: String) -> Entry { Entry(meaning: meaning, modes: [.deriveKeys]) }
    private static func signature(_ meaning: String) -> Entry { Entry(meaning: meaning, modes: signatureModes) }

    /// X9.143:2021, 6.3.1, table 2 and 6.3.3, table 4.
    ///
    /// PIN generation may have any mode: the public sources do not agree on its own.
    private static let table: [KeyUsage: Entry] = [
        .baseDerivationKey: derivation("base derivation key"),
        .initialDUKPTKey: derivation("initial DUKPT key"),
        .baseKeyVariant: Entry(meaning: "base key variant key (deprecated)", modes: [.deriveKeys, .createVariants]),
        .keyDerivation: derivation("key derivation key outside X9.24"),
        .cardVerification: mac("card verification key"),
        .dataEncryption: cipher("data encryption key"),
        .asymmetricDataEncryption: Entry(
            meaning: "asymmetric data encryption key", modes: cipherModes + [.signAndDecrypt]),
        .decimalisationTable: cipher("data encryption key for a decimalisation table"),
        .sensitiveDataEncryption: cipher("data encryption key for sensitive data"),
        .emvApplicationCryptograms: derivation("EMV master key for application cryptograms"),
        .emvConfidentiality: derivation("EMV master key for secure messaging, confidentiality"),
        .emvIntegrity: derivation("EMV master key for secure messaging, integrity"),
        .emvDataAuthentication: derivation("EMV master key for data authentication codes"),
        .emvDynamicNumbers: derivation("EMV master key for dynamic numbers"),
        .emvCardPersonalisation: derivation("EMV master key for card personalisation"),
        .emvOther: derivation("EMV master key, other"),
        .emvAsymmetricPIN: cipher("EMV asymmetric key pair for PIN encryption"),
        .initialisationVector: Entry(meaning: "initialisation vector", modes: [.noRestriction]),
        .keyEncryption: cipher("key encryption key"),
        .keyBlockProtection: cipher("key block protection key"),
        .tr34KeyPair: Entry(meaning: "asymmetric key for TR-34", modes: cipherModes + signatureModes),
        .keyAgreement: Entry(
            meaning: "asymmetric key for key agreement or wrapping", modes: [.deriveKeys] + cipherModes),
        .keyBlockProtectionISO20038: cipher("key block protection key, ISO 20038"),
        .macISO16609: mac("MAC key, ISO 16609 algorithm 1"),
        .macAlgorithm1: mac("MAC key, ISO 9797-1 algorithm 1"),
        .macAlgorithm2: mac("MAC key, ISO 9797-1 algorithm 2"),
        .macRetail: mac("MAC key, ISO 9797-1 algorithm 3 (retail MAC)"),
        .macAlgorithm4: mac("MAC key, ISO 9797-1 algorithm 4"),
        .macAlgorithm5: mac("MAC key, ISO 9797-1:1999 algorithm 5"),
        .macCMAC: mac("MAC key, CMAC"),
        .hmac: mac("HMAC key"),
        .macAlgorithm6: mac("MAC key, ISO 9797-1:2011 algorithm 6"),
        .pinEncryption: cipher("PIN encryption key"),
        .pinGeneration: Entry(meaning: "PIN generation key", modes: [.noRestriction] + ModeOfUse.allCases),
        .digitalSignature: signature("asymmetric key pair for digital signatures"),
        .certificateAuthority: signature("asymmetric key pair of a certificate authority"),
        .otherAsymmetric: signature("asymmetric key pair outside X9.24"),
        .pinVerification: mac("PIN verification key, other algorithm"),
        .pinVerificationIBM3624: mac("PIN verification key, IBM 3624"),
        .pinVerificationVisa: mac("PIN verification key, Visa PVV"),
        .pinVerificationX9132Algorithm1: mac("PIN verification key, X9.132 algorithm 1"),
        .pinVerificationX9132Algorithm2: mac("PIN verification key, X9.132 algorithm 2"),
        .pinVerificationX9132Algorithm3: mac("PIN verification key, X9.132 algorithm 3"),
    ]
}
