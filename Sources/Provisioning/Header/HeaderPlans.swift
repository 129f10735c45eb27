import Facility
import PaymentCrypto

/// The header of every row: the options over the header profile that the row names, or the options, or the site.
///
/// Rows carry the index of their plan. The first plan is that of the options alone, the others are the profiles'.
struct HeaderPlans: Sendable {
    /// Where the plan of rows that name no profile is.
    let standardIndex: Int
    /// The plan of rows that name no profile.
    let standard: HeaderPlan
    private let choices: [Choice]

    private struct Choice: Sendable {
        let profile: KeyName?
        let plan: Result<HeaderPlan, HeaderOptionError>
    }

    /// Refuses options that cannot be used, by themselves or over their profile.
    ///
    /// A profile that only a row can name is refused as that row's fault.
    init(
        _ options: HeaderOptions, profile: KeyName?, of profiles: HeaderProfiles,
        for carrier: HeaderPlan.Carrier = .keyBlock, started: KeyBlockTime
    ) throws {
        let chosen = try (profile ?? profiles.standard).map { try profiles.profile($0).name }
        let choices =
            [Choice(profile: nil, plan: Self.plan(options, carrier, started))]
            + profiles.entries.map { profile in
                Choice(profile: profile.name, plan: Self.plan(options.overriding(profile.options), carrier, started))
            }
        standardIndex = choices.firstIndex { $0.profile == chosen } ?? 0
        standard = try Self.plan(choices[standardIndex], alone: choices[0])
        self.choices = choices
    }

    private static func plan(
        _ options: HeaderOptions, _ carrier: HeaderPlan.Carrier, _ started: KeyBlockTime
    ) -> Result<HeaderPlan, HeaderOptionError> {
        Result { () throws(HeaderOptionError) in try HeaderPlan(options, for: carrier, started: started) }
    }

    /// What is wrong with the options themselves is said of them, the rest of their profile.
    private static func plan(_ choice: Choice, alone: Choice) throws -> HeaderPlan {
        do { return try choice.plan.get() } catch {
            if case .failure(error) = alone.plan { throw error }
            guard let name = choice.profile else { throw error }
            throw ProvisioningError(error, in: "header profile '\(name)'")
        }
    }

    /// The headers of a run's transport.
    ///
    /// A token takes what a key block's header says, and nothing that only a key block has; a cryptogram has no header,
    /// whatever the site's own profile says.
    init(_ options: ProvisionOptions, of profiles: HeaderProfiles, started: KeyBlockTime) throws {
        switch options.transport {
        case .keyBlocks: try self.init(options.header, profile: options.profile, of: profiles, started: started)
        case .tokens:
            try self.init(options.header, profile: options.profile, of: profiles, for: .token, started: started)
        case .cryptograms:
            try self.init(HeaderOptions(), profile: nil, of: HeaderProfiles(), for: .token, started: started)
        }
    }

    /// The plan of a row; nil for one that was refused.
    subscript(index: Int32) -> HeaderPlan? {
        guard choices.indices.contains(Int(index)) else { return nil }
        return try? choices[Int(index)].plan.get()
    }

    /// The profile of a plan; nil for the options alone.
    func profile(_ index: Int32) -> KeyName? {
        choices.indices.contains(Int(index)) ? choices[Int(index)].profile : nil
    }

    /// The profiles as a manifest may name them.
    var manifestProfiles: [ManifestKeys.Profile] {
        choices.map { choice in
            var refusal: String?
            if case .failure(let error) = choice.plan { refusal = error.description }
            return ManifestKeys.Profile(name: choice.profile?.description ?? "", refusal: refusal)
        }
    }

    /// What `run.json` says of the plan of rows that name no profile, for these wrapping keys.
    func standardRecord(for wrapping: [KeyAlgorithm]) -> RunRecord.Header {
        var header = standard.record(for: wrapping)
        header.profile = choices[standardIndex].profile?.description
        return header
    }

    /// What it says of another plan; nil for one that was refused.
    func record(_ index: Int32, for wrapping: [KeyAlgorithm]) -> RunRecord.Header? {
        var header = self[index]?.record(for: wrapping)
        header?.profile = profile(index)?.description
        return header
    }
}

extension ProvisioningError {
    /// What is wrong with header options, and where they come from.
    init(_ error: HeaderOptionError, in place: String) {
        self = error.isRefusal ? .refused("\(place): \(error)") : .header("\(place): \(error)")
    }
}
