extension Site {
    /// The header profiles, as anybody can read them.
    public var profiles: HeaderProfiles {
        HeaderProfiles(document.headerProfiles ?? [], standard: settings.defaultProfile)
    }
}

extension UnlockedSite {
    /// Keeps a header profile, in the place of the one with its name.
    public func set(_ profile: HeaderProfile, recording event: inout AuditEvent) throws(FacilityError) -> Site {
        try changeProfiles(recording: &event) { (profiles: inout HeaderProfiles) in profiles.set(profile) }
    }

    /// Removes a header profile; refused for the one that runs take by default.
    public func removeProfile(_ name: KeyName, recording event: inout AuditEvent) throws(FacilityError) -> Site {
        try changeProfiles(recording: &event) { (profiles: inout HeaderProfiles) throws(FacilityError) in
            guard profiles.standard != name else { throw .policy(.profileInUse(name)) }
            try profiles.remove(name)
        }
    }

    private func changeProfiles(
        recording event: inout AuditEvent, _ edit: (inout HeaderProfiles) throws(FacilityError) -> Void
    ) throws(FacilityError) -> Site {
        try rewrite(recording: &event) { (_, document: inout SiteDocument, _) throws(FacilityError) in
            var profiles = HeaderProfiles(
                document.headerProfiles ?? [], standard: document.settings.defaultProfile)
            try edit(&profiles)
            document.headerProfiles = profiles.entries
        }
    }
}

extension HeaderProfile: Codable {
    /// Writes ``member``.
    public func encode(to encoder: any Encoder) throws {
        try member.encode(to: encoder)
    }

    /// Refuses what this tool does not write.
    public init(from decoder: any Decoder) throws {
        let member = try Member(from: decoder)
        guard let profile = HeaderProfile(member) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no header profile"))
        }
        self = profile
    }
}
