public import PaymentCrypto

/// What a site's policy forbids.
public enum PolicyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A production site takes no key that anybody can look up.
    case publishedTestKey
    /// A production site provisions from keys in the keyring only when that was allowed.
    case softwareKeys
    /// A production site takes nothing that arrived under a weaker key.
    case weakerProtectionKey(wrapped: KeyAlgorithm, under: KeyAlgorithm)
    /// The same, in words, for what came under a public key.
    case weakerTransport(String)
    /// A production site trusts the certificates that it has enrolled, and no file.
    case anchorNotEnrolled
    /// A TDES key that is no stronger than DES.
    case singleDES
    /// A TDES key with a weak or semi-weak DES key in it.
    case weakDESPart
    /// A key of zeros.
    case zeroKey
    /// A base derivation key from which devices have their keys is removed only once it is retired.
    case usedKeyNotRetired(KeyName)
    /// A production key has no single custodian.
    case singleComponent
    /// The site has a list of operators, and nobody said who they are.
    case operatorMissing
    /// Somebody who is not on that list.
    case operatorUnknown(OperatorName)
    /// A run that needs two different operators.
    case secondOperatorMissing(found: Int)
    /// A serial number is issued again with fewer than two operators.
    case secondOperatorForReissue(found: Int)
    /// A change that makes the policy weaker, on a site that asks for two operators.
    case secondOperatorForPolicy(found: Int)
    /// A way out that the site does not allow.
    case transport(KeyTransport, allowed: [KeyTransport])
    /// A key for wrapping that is smaller than the site allows.
    case keyTooSmall(KeyName, minimum: KeyAlgorithm, found: KeyAlgorithm)
    /// An RSA key that is smaller than the site allows.
    case rsaKeyTooSmall(KeyName, minimum: RSAKeySize, found: RSAKeySize)
    /// The header profile that runs take by default cannot go.
    case profileInUse(KeyName)
    /// The environment of a site that has keys.
    case environmentOfKeys(count: Int)
    /// The environment became another one after this site was opened.
    case environmentChanged

    /// Lower case, without a full stop.
    public var description: String {
        switch self {
        case .publishedTestKey: "this is a published test key, which a production site refuses"
        case .softwareKeys: "a production site does not provision with keys from the keyring"
        case .weakerProtectionKey(let wrapped, let under):
            "the \(wrapped.reportName) key arrived under a weaker \(under.reportName) key, which a production site refuses"
        case .weakerTransport(let what): "\(what), which a production site refuses"
        case .anchorNotEnrolled: "a production site trusts only certificates that it has enrolled"
        case .singleDES: "the TDES key has two equal parts and is no stronger than DES"
        case .weakDESPart: "the TDES key has a weak or semi-weak DES key in it"
        case .zeroKey: "the key is zero"
        case .usedKeyNotRetired(let name):
            "key '\(name)' gave initial keys to devices, and such a base derivation key is removed only when it is retired"
        case .singleComponent: "a production key needs at least two components"
        case .operatorMissing: "the site says who its operators are: expected --operator, found none"
        case .operatorUnknown(let name): "'\(name)' is none of the site's operators"
        case .secondOperatorForReissue(let found):
            "on a production site a key is issued again by two different operators, found \(found)"
        case .secondOperatorMissing(let found): "a run needs two different operators, found \(found)"
        case .secondOperatorForPolicy(let found):
            "this makes the policy weaker, which needs two different operators, found \(found)"
        case .transport(let transport, let allowed):
            "transport: expected \(allowed.map(\.rawValue).joined(separator: " or ")), found \(transport)"
        case .keyTooSmall(let name, let minimum, let found):
            "key '\(name)': expected at least \(minimum.rawValue) for a key that wraps others, found \(found.rawValue)"
        case .rsaKeyTooSmall(let name, let minimum, let found):
            "key '\(name)': expected at least \(minimum.rawValue), found \(found.rawValue)"
        case .profileInUse(let name): "header profile '\(name)' is the site's defaultProfile"
        case .environmentOfKeys(let count):
            "the environment is set while the keyring is empty: expected no key, found \(count)"
        case .environmentChanged: "the site's environment was changed meanwhile"
        }
    }
}
