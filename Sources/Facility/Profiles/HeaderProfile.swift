public import PaymentCrypto

/// The header options that suit a terminal model, under a name.
public struct HeaderProfile: Sendable, Equatable {
    /// What it is called; names are those of keys.
    public let name: KeyName
    /// What it asks for.
    public let options: HeaderOptions

    /// A profile of these options.
    public init(name: KeyName, options: HeaderOptions) {
        self.name = name
        self.options = options
    }
}

/// The header profiles of a site, in the order of their names.
public struct HeaderProfiles: Sendable, Equatable {
    /// Every profile.
    public private(set) var entries: [HeaderProfile] = []
    /// The one that the site's settings name for where nobody does.
    public private(set) var standard: KeyName?

    /// No profile yet.
    public init() {}

    /// These profiles; of several with one name the last one counts.
    public init(_ profiles: [HeaderProfile], standard: KeyName? = nil) {
        self.standard = standard
        for profile in profiles { set(profile) }
    }

    /// The profile of this name.
    public func profile(_ name: KeyName) throws(FacilityError) -> HeaderProfile {
        guard let profile = entries.first(where: { $0.name == name }) else { throw .profileMissing(name) }
        return profile
    }

    /// Adds a profile, or puts it in the place of the one with its name.
    mutating func set(_ profile: HeaderProfile) {
        entries.removeAll { $0.name == profile.name }
        let place = entries.firstIndex { $0.name.description > profile.name.description } ?? entries.endIndex
        entries.insert(profile, at: place)
    }

    mutating func remove(_ name: KeyName) throws(FacilityError) {
        _ = try profile(name)
        entries.removeAll { $0.name == name }
    }
}
