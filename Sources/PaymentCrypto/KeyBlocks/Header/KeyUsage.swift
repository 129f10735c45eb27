/// What a key is for: two letters or digits.
///
/// An open set: a partner may use codes that this library does not name, and numeric ones are proprietary. See ANSI
/// X9.143:2021, 6.3.1, table 2.
public struct KeyUsage: Hashable, Sendable {
    private let first: UInt8
    private let second: UInt8

    /// A usage from two ASCII letters or digits; nil for anything else.
    ///
    /// The standard's own codes have upper-case letters. A lower-case one is kept as it is, since it is under the
    /// authenticator, and is named by no table.
    public init?(_ text: some StringProtocol) {
        let code = Array(text.utf8)
        guard code.count == 2, code.allSatisfy(ASCII.isAlphanumeric) else { return nil }
        (first, second) = (code[0], code[1])
    }

    /// Whether both characters are digits: such usages belong to a vendor.
    public var isProprietary: Bool { ASCII.isDigit(first) && ASCII.isDigit(second) }
}

extension KeyUsage: CustomStringConvertible {
    /// The two characters.
    public var description: String { String(decoding: [first, second], as: UTF8.self) }
}

extension KeyUsage {
    /// For the codes in this module, which are known to be right.
    private init(_ first: Unicode.Scalar, _ second: Unicode.Scalar) {
        self.first = UInt8(ascii: first)
        self.second = UInt8(ascii: second)
    }

    /// Base derivation key.
    public static let baseDerivationKey = KeyUsage("B", "0")
    /// Initial DUKPT key.
    public static let initialDUKPTKey = KeyUsage("B", "1")
    /// Base key variant key; deprecated.
    public static let baseKeyVariant = KeyUsage("B", "2")
    /// Key derivation key outside X9.24.
    public static let keyDerivation = KeyUsage("B", "3")
    /// Card verification key.
    public static let cardVerification = KeyUsage("C", "0")
    /// Symmetric key for data encryption.
    public static let dataEncryption = KeyUsage("D", "0")
    /// Asymmetric key for data encryption.
    public static let asymmetricDataEncryption = KeyUsage("D", "1")
    /// Data encryption key for a decimalisation table.
    public static let decimalisationTable = KeyUsage("D", "2")
    /// Data encryption key for sensitive data.
    public static let sensitiveDataEncryption = KeyUsage("D", "3")
    /// EMV issuer master key: application cryptograms.
    public static let emvApplicationCryptograms = KeyUsage("E", "0")
    /// EMV issuer master key: secure messaging, confidentiality.
    public static let emvConfidentiality = KeyUsage("E", "1")
    /// EMV issuer master key: secure messaging, integrity.
    public static let emvIntegrity = KeyUsage("E", "2")
    /// EMV issuer master key: data authentication code.
    public static let emvDataAuthentication = KeyUsage("E", "3")
    /// EMV issuer master key: dynamic numbers.
    public static let emvDynamicNumbers = KeyUsage("E", "4")
    /// EMV issuer master key: card personalisation.
    public static let emvCardPersonalisation = KeyUsage("E", "5")
    /// EMV issuer master key: other.
    public static let emvOther = KeyUsage("E", "6")
    /// EMV asymmetric key pair for PIN encryption.
    public static let emvAsymmetricPIN = KeyUsage("E", "7")
    /// Initialisation vector.
    public static let initialisationVector = KeyUsage("I", "0")
    /// Key encryption key.
    public static let keyEncryption = KeyUsage("K", "0")
    /// Key block protection key.
    public static let keyBlockProtection = KeyUsage("K", "1")
    /// Asymmetric key for TR-34.
    public static let tr34KeyPair = KeyUsage("K", "2")
    /// Asymmetric key for key agreement or wrapping.
    public static let keyAgreement = KeyUsage("K", "3")
    /// Key block protection key, ISO 20038.
    public static let keyBlockProtectionISO20038 = KeyUsage("K", "4")
    /// MAC key, ISO 16609 algorithm 1.
    public static let macISO16609 = KeyUsage("M", "0")
    /// MAC key, ISO 9797-1 algorithm 1.
    public static let macAlgorithm1 = KeyUsage("M", "1")
    /// MAC key, ISO 9797-1 algorithm 2.
    public static let macAlgorithm2 = KeyUsage("M", "2")
    /// MAC key, ISO 9797-1 algorithm 3, the retail MAC.
    public static let macRetail = KeyUsage("M", "3")
    /// MAC key, ISO 9797-1 algorithm 4.
    public static let macAlgorithm4 = KeyUsage("M", "4")
    /// MAC key, ISO 9797-1:1999 algorithm 5.
    public static let macAlgorithm5 = KeyUsage("M", "5")
    /// MAC key, CMAC (ISO 9797-1:2011 algorithm 5).
    public static let macCMAC = KeyUsage("M", "6")
    /// HMAC key.
    public static let hmac = KeyUsage("M", "7")
    /// MAC key, ISO 9797-1:2011 algorithm 6.
    public static let macAlgorithm6 = KeyUsage("M", "8")
    /// PIN encryption key.
    public static let pinEncryption = KeyUsage("P", "0")
    /// PIN generation key.
    public static let pinGeneration = KeyUsage("P", "1")
    /// Asymmetric key pair for digital signatures.
    public static let digitalSignature = KeyUsage("S", "0")
    /// Asymmetric key pair of a certificate authority.
    public static let certificateAuthority = KeyUsage("S", "1")
    /// Asymmetric key pair outside X9.24.
    public static let otherAsymmetric = KeyUsage("S", "2")
    /// PIN verification key, other algorithm.
    public static let pinVerification = KeyUsage("V", "0")
    /// PIN verification key, IBM 3624.
    public static let pinVerificationIBM3624 = KeyUsage("V", "1")
    /// PIN verification key, Visa PVV.
    public static let pinVerificationVisa = KeyUsage("V", "2")
    /// PIN verification key, X9.132 algorithm 1.
    public static let pinVerificationX9132Algorithm1 = KeyUsage("V", "3")
    /// PIN verification key, X9.132 algorithm 2.
    public static let pinVerificationX9132Algorithm2 = KeyUsage("V", "4")
    /// PIN verification key, X9.132 algorithm 3.
    public static let pinVerificationX9132Algorithm3 = KeyUsage("V", "5")
}
