import ArgumentParser
import Facility

/// Changes one setting.
struct SiteSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Changes one of the site's settings.",
        discussion: """
            environment is test or production, and changes only while the keyring is empty. The others are:

            \(Columns.facts(SiteSettings.Key.allCases.map { ($0.rawValue, $0.expectation) }))
            """)

    @Argument(help: "The setting.", transform: Setting.init(named:))
    var setting: Setting

    @Argument(help: "Its new value.")
    var value: String

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !setting.takes(value) else { return }
        throw ValidationError(
            "\(setting.name): expected \(setting.expectation), found \(ShownText.value(value))")
    }

    func run() throws {
        let site = try global.audited("site set") { site, event in
            event.add(fact: "setting", setting.name)
            return try setting.change(to: value, in: site, &event)
        }
        global.console.notice("\(setting.name) is now \(setting.value(in: site))")
        let report = try SiteReport(site)
        if global.json { try global.console.write(report) }
    }
}

/// What `site set` can set: the environment, and the policy.
enum Setting {
    case environment
    case policy(SiteSettings.Key)

    /// Refuses a name that is no setting's, and tells which there are.
    init(named name: String) throws {
        guard let setting = Self.all.first(where: { $0.name == name }) else {
            throw ValidationError("expected one of \(Self.all.map(\.name).joined(separator: ", "))")
        }
        self = setting
    }

    static let all = [environment] + SiteSettings.Key.allCases.map(policy)

    var name: String {
        switch self {
        case .environment: "environment"
        case .policy(let key): key.rawValue
        }
    }

    var expectation: String {
        switch self {
        case .environment: "test or production"
        case .policy(let key): key.expectation
        }
    }

    func takes(_ text: String) -> Bool {
        switch self {
        case .environment: return SiteEnvironment(rawValue: text) != nil
        case .policy(let key):
            var settings = SiteSettings()
            // What looks like a key is none: settings are shown and recorded.
            return ShownText.line(text) == text && settings.set(key, to: text)
        }
    }

    func value(in site: Site) -> String {
        switch self {
        case .environment: site.environment.rawValue
        case .policy(let key): site.settings[key]
        }
    }

    /// Changes it, and adds to the event what it was and what it is to be.
    func change(to text: String, in site: borrowing UnlockedSite, _ event: inout AuditEvent) throws -> Site {
        switch self {
        case .environment:
            event.add(fact: "old", site.site.environment.rawValue)
            event.add(fact: "new", text)
            return try SiteEnvironment(rawValue: text).map { try site.change($0, recording: &event) } ?? site.site
        case .policy(let key):
            return try site.change(recording: &event) { settings, event in
                event.add(fact: "old", settings[key])
                _ = settings.set(key, to: text)
                event.add(fact: "new", settings[key])
            }
        }
    }
}
