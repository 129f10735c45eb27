import ArgumentParser
import Facility
import PaymentCrypto

/// Keeps, shows and removes header profiles.
struct SiteProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Keeps the header options that suit a terminal model under a name.",
        discussion: """
            With header options it keeps them, in the place of a profile of the same name; without, it shows the \
            profile and needs no passphrase. 'site show' lists all profiles.
            """)

    @Argument(help: "The profile's name.", transform: Arguments.keyName)
    var name: KeyName

    @Flag(help: "Remove the profile.")
    var remove = false

    @OptionGroup(title: "Header options") var header: HeaderArguments
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard !remove || header.isEmpty else { throw ValidationError("--remove takes no header options") }
    }

    func run() throws {
        if remove { return try removeProfile() }
        let options = try header.options()
        guard !options.isEmpty else { return try show(try global.readSite().profiles.profile(name)) }
        try options.check()
        let profile = HeaderProfile(name: name, options: options)
        _ = try global.audited("site profile") { site, event in
            event.add(fact: "profile", name.description)
            let old = site.site.profiles.entries.first { $0.name == name }
            if let old { event.add(fact: "old", old.summary) }
            event.add(fact: "new", profile.summary)
            return try site.set(profile, recording: &event)
        }
        global.console.notice("header profile '\(name)' is kept")
        if global.json { try global.console.write(profile) }
    }

    private func removeProfile() throws {
        _ = try global.readSite().profiles.profile(name)
        let site = try global.audited("site profile") { site, event in
            event.add(fact: "profile", name.description)
            event.add(fact: "old", try site.site.profiles.profile(name).summary)
            return try site.removeProfile(name, recording: &event)
        }
        global.console.notice("header profile '\(name)' is removed")
        let report = try SiteReport(site)
        if global.json { try global.console.write(report) }
    }

    private func show(_ profile: HeaderProfile) throws {
        try global.console.write(profile, text: Columns.facts([("profile", "\(name)")] + profile.facts))
    }
}

extension HeaderProfile {
    /// The same on one line.
    fileprivate var summary: String { facts.map { "\($0.name) \($0.value)" }.joined(separator: ", ") }

    /// What it asks for, as the options that ask for it.
    var facts: [(name: String, value: String)] {
        func flag(_ value: Bool?, _ name: String) -> [(name: String, value: String)] {
            value.map { [(name, $0 ? "yes" : "no")] } ?? []
        }
        let values: [(name: String, value: String?)] = [
            ("mode of use", options.modeOfUse?.description), ("exportability", options.exportability?.description),
            ("key version", options.keyVersion?.description),
            ("key block version", options.keyBlockVersion?.description),
        ]
        return values.compactMap { fact in fact.value.map { (fact.name, $0) } }
            + flag(options.allowsExportable ? true : nil, "allow exportable")
            + flag(options.serialNumberBlock, "KSN block") + flag(options.lengthObfuscation, "length obfuscation")
            + options.optionalBlocks.map { ("optional block", $0.description) }
    }
}
