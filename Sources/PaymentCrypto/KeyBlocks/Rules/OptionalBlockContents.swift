/// What an optional block says, where its contents are as the standard has them.
///
/// See ANSI X9.143:2021, 6.3.6, table 7 and the tables that follow it.
enum OptionalBlockContents: Hashable, Sendable {
    /// KS.
    case keySerialNumber(KeySerialNumber)
    /// IK.
    case initialKeyID(InitialKeySerialNumber)
    /// BI: the identifier in hexadecimal, of a key set (TDES) or of a base derivation key (AES).
    case baseDerivationKeyID(family: DUKPTFamily, type: String, identifier: String)
    /// KC, KP and PK.
    case checkValue(StatedCheckValue)
    /// TS and TC.
    case time(KeyBlockTime)
    /// DA.
    case derivationsAllowed([Derivation])
    /// HM: the name of the hash function.
    case hashAlgorithm(String)
    /// AL.
    case asymmetricKeyLife(isStatic: Bool)
    /// CT.
    case certificates([CertificateFormat])
    /// WP: 0 to 3.
    case wrappingPedigree(Int)
    /// LB, and what the standard does not lay down.
    case text(String)

    /// One kind of key that may be derived from a B3 key.
    struct Derivation: Hashable, Sendable {
        let keyUsage: KeyUsage
        let algorithm: KeyBlockAlgorithm
        let modeOfUse: ModeOfUse
        let exportability: Exportability
    }

    /// The form of a certificate in CT.
    enum CertificateFormat: String, Hashable, Sendable {
        case x509 = "00"
        case emv = "01"
    }

    /// A check value as a block states it; it may be too long.
    struct StatedCheckValue: Hashable, Sendable {
        let method: CheckValueMethod
        /// Hexadecimal digits, an even number of them.
        let digits: String

        /// The most digits that may be shown: a whole legacy check value of a TDES key would be an encryption oracle.
        var longestDigitCount: Int { 2 * method.standardByteCount }

        /// Whether it agrees with the real one on what both show.
        func agrees(with real: CheckValue) -> Bool {
            real.method == method && real.description.hasPrefix(digits.uppercased().prefix(longestDigitCount))
        }
    }
}

/// Contents that are not as the standard has them: expected and found.
struct OptionalBlockContentsError: Error, Equatable {
    let words: String

    init(expected: String, found: String) {
        words = "expected \(expected), found \(found)"
    }
}
