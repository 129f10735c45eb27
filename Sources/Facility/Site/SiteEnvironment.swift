/// What the keys of a site are for.
public enum SiteEnvironment: String, Codable, CaseIterable, Sendable {
    /// Throw-away keys; everything that is made says TEST.
    case test
    /// Real keys; the policy is strict.
    case production
}
