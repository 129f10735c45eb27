/// The rules about what stands in a key block, beyond its being readable.
public enum KeyBlockRule: String, Sendable, Hashable, CaseIterable {
    /// A padding block only where it is needed, and no longer than needed.
    case paddingLength
    /// The length of an extended length counts hexadecimal characters, not bytes.
    case extendedLengthForm
    /// The extended length is for blocks of more than 255 characters.
    case extendedLengthNeed
    /// Hexadecimal is written in upper case.
    case upperCase
    /// The usage is one of the standard's.
    case keyUsage
    /// The last header character is 0.
    case reservedCharacter
    /// The usage may have this mode of use.
    case modeOfUse
    /// Single DES protects nothing.
    case singleDES
    /// The key has a length that its algorithm and usage may have.
    case keyLength
    /// The protection key is at least as strong as the key inside.
    case protectionKeyStrength
    /// The optional block goes with this usage and algorithm.
    case blockPlacement
    /// The optional block's contents are as the standard has them.
    case blockContents
    /// A key serial number's counter is zero.
    case initialKeySerialNumber
    /// An AES key has a CMAC check value.
    case checkValueMethod
    /// The check value of the key can be computed and compared.
    case checkValueUnverified
    /// The check value KC is that of the key.
    case keyCheckValue
    /// The check value KP is that of the protection key.
    case protectionKeyCheckValue
    /// The type of an AES base derivation key ID is 01.
    case baseDerivationKeyIDType

    /// Where the rule comes from.
    public var clause: String {
        switch self {
        case .paddingLength: "X9.143:2021 6.3.6"
        case .extendedLengthForm, .extendedLengthNeed: "X9.143:2021 6.3.6, examples 8.5 and 8.6"
        case .upperCase: "X9.143:2021 6.3.6"
        case .keyUsage: "X9.143:2021 6.3.1, table 2"
        case .reservedCharacter: "X9.143:2021 6.2, table 1"
        case .modeOfUse: "X9.143:2021 6.3.3, table 4"
        case .singleDES: "X9.143:2021 6.3.2, table 3"
        case .keyLength: "X9.24-1:2009 A.6; NIST SP 800-67 3.1; FIPS 197"
        case .protectionKeyStrength: "AWS user guide, key strength table; docs/formats/key-blocks.md"
        case .blockPlacement, .blockContents: "X9.143:2021 6.3.6, tables 7 to 23"
        case .initialKeySerialNumber: "X9.24-3:2017 C.2.3; X9.24-1:2009 A.6"
        case .checkValueMethod, .checkValueUnverified: "X9.24-1:2017 7.7.2 and Annex A"
        case .keyCheckValue, .protectionKeyCheckValue: "X9.143:2021 6.3.6.7, table 15"
        case .baseDerivationKeyIDType: "X9.143:2021 6.3.6.2, table 9"
        }
    }
}
