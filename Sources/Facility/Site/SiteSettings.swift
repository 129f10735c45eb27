public import PaymentCrypto

/// A site's policy: what `ipek site set` changes, but for the environment.
public struct SiteSettings: Equatable, Sendable {
    /// Whether a production site provisions with keys from the keyring, whose clear bytes are then in this process.
    public var allowSoftwareKeys = false
    /// Who may touch keys and runs; nil for anybody.
    public var operators: [OperatorName]?
    /// Whether a run needs two different operators.
    public var twoOperators = false
    /// The smallest TDES key that may wrap other keys.
    public var minimumTDES = KeyAlgorithm.tdes2Key
    /// The smallest AES key that may wrap other keys.
    public var minimumAES = KeyAlgorithm.aes128
    /// The smallest RSA key that may wrap or sign.
    public var minimumRSA = RSAKeySize.rsa2048
    /// How keys may leave.
    public var transports = KeyTransport.allCases
    /// The header profile of runs that name none.
    public var defaultProfile: KeyName?

    /// The settings of a new site.
    public init() {}

    /// The name of each setting.
    public enum Key: String, CaseIterable, Sendable {
        /// `true` or `false`.
        case allowSoftwareKeys
        /// Names with commas between them, or `any`.
        case operators
        /// `true` or `false`.
        case twoOperators
        /// `tdes-2key` or `tdes-3key`.
        case minimumTDES
        /// `aes-128`, `aes-192` or `aes-256`.
        case minimumAES
        /// `rsa-2048`, `rsa-3072` or `rsa-4096`.
        case minimumRSA
        /// Some of `tr31`, `tr34` and `rsa-oaep`, with commas between them.
        case transports
        /// A header profile's name, or `none`.
        case defaultProfile

        /// What a value must be, in words.
        public var expectation: String {
            switch self {
            case .allowSoftwareKeys, .twoOperators: "true or false"
            case .operators: "any, or names of operators with commas between them, each once"
            case .minimumTDES: Self.list(SiteSettings.sizesTDES.map(\.rawValue))
            case .minimumAES: Self.list(SiteSettings.sizesAES.map(\.rawValue))
            case .minimumRSA: Self.list(RSAKeySize.allCases.map(\.rawValue))
            case .transports: "one or more of tr31, tr34 and rsa-oaep, with commas between them"
            case .defaultProfile: "none, or the name of a header profile"
            }
        }

        private static func list(_ words: [String]) -> String {
            words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        }
    }

    /// The value of one setting, as `set` takes it.
    public subscript(_ key: Key) -> String {
        switch key {
        case .allowSoftwareKeys: String(allowSoftwareKeys)
        case .operators: operators.map { $0.map(\.description).joined(separator: ",") } ?? Self.anybody
        case .twoOperators: String(twoOperators)
        case .minimumTDES: minimumTDES.rawValue
        case .minimumAES: minimumAES.rawValue
        case .minimumRSA: minimumRSA.rawValue
        case .transports: transports.map(\.rawValue).joined(separator: ",")
        case .defaultProfile: defaultProfile?.description ?? Self.noProfile
        }
    }

    /// Changes one setting; false where the text is no value for it.
    public mutating func set(_ key: Key, to text: String) -> Bool {
        switch key {
        case .allowSoftwareKeys: Self.take(Bool(text), into: &allowSoftwareKeys)
        case .operators: Self.take(Self.operators(text), into: &operators)
        case .twoOperators: Self.take(Bool(text), into: &twoOperators)
        case .minimumTDES: Self.take(Self.size(text, Self.sizesTDES), into: &minimumTDES)
        case .minimumAES: Self.take(Self.size(text, Self.sizesAES), into: &minimumAES)
        case .minimumRSA: Self.take(RSAKeySize(rawValue: text), into: &minimumRSA)
        case .transports: Self.take(Self.transports(text), into: &transports)
        case .defaultProfile: Self.take(Self.profile(text), into: &defaultProfile)
        }
    }
}

extension SiteSettings {
    static let sizesTDES: [KeyAlgorithm] = [.tdes2Key, .tdes3Key]
    static let sizesAES: [KeyAlgorithm] = [.aes128, .aes192, .aes256]

    private static let anybody = "any"
    private static let noProfile = "none"

    private static func take<Value>(_ value: Value?, into setting: inout Value) -> Bool {
        guard let value else { return false }
        setting = value
        return true
    }

    static func size(_ text: String, _ sizes: [KeyAlgorithm]) -> KeyAlgorithm? {
        sizes.first { $0.rawValue == text }
    }

    private static func words(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The outer nil is no value, the inner one anybody.
    private static func operators(_ text: String) -> [OperatorName]?? {
        text == anybody ? .some(nil) : operators(words(text)).map { .some($0) }
    }

    static func operators(_ words: [String]) -> [OperatorName]? {
        let names = words.compactMap { OperatorName($0) }
        return names.count == words.count && !names.isEmpty && Set(names).count == names.count ? names : nil
    }

    private static func transports(_ text: String) -> [KeyTransport]? { transports(words(text)) }

    /// In the order in which they are always told.
    static func transports(_ words: [String]) -> [KeyTransport]? {
        let named = words.compactMap { KeyTransport(rawValue: $0) }
        guard named.count == words.count, !named.isEmpty, Set(named).count == named.count else { return nil }
        return KeyTransport.allCases.filter(named.contains)
    }

    private static func profile(_ text: String) -> KeyName?? {
        text == noProfile ? .some(nil) : KeyName(text).map { .some($0) }
    }
}
