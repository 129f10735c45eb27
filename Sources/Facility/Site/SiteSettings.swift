/// What the keys of a site are for.
public enum SiteEnvironment: String, Codable, CaseIterable, Sendable {
    /// Throw-away keys; everything that is made says TEST.
    case test
    /// Real keys; the policy is strict.
    case production
}

/// What `ipek site set` changes.
public struct SiteSettings: Codable, Equatable, Sendable {
    /// Whether a production site provisions with keys from the keyring, whose clear bytes are then in this process.
    public var allowSoftwareKeys = false

    /// The settings of a new site.
    public init() {}

    /// The name of each setting.
    public enum Key: String, CaseIterable, Sendable {
        /// `true` or `false`.
        case allowSoftwareKeys
    }

    /// The value of one setting, as `set` takes it.
    public subscript(_ key: Key) -> String {
        switch key {
        case .allowSoftwareKeys: String(allowSoftwareKeys)
        }
    }

    /// Changes one setting; false where the text is no value for it.
    public mutating func set(_ key: Key, to text: String) -> Bool {
        switch key {
        case .allowSoftwareKeys:
            guard let value = Bool(text) else { return false }
            allowSoftwareKeys = value
        }
        return true
    }
}
