import ArgumentParser
import Facility

/// Changes one setting.
struct SiteSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "set", abstract: "Changes one of the site's settings.")

    @Argument(help: "The setting: \(SiteSettings.Key.allCases.map(\.rawValue).joined(separator: ", ")).")
    var key: SiteSettings.Key

    @Argument(help: "Its new value: true or false.")
    var value: String

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        var settings = SiteSettings()
        guard settings.set(key, to: value) else {
            throw ValidationError("\(key.rawValue): expected true or false, found '\(value)'")
        }
    }

    func run() throws {
        let site = try global.audited("site set") { site, event in
            event.add(fact: "setting", key.rawValue)
            event.add(fact: "old", site.site.settings[key])
            event.add(fact: "new", value)
            return try site.change { settings in _ = settings.set(key, to: value) }
        }
        global.console.notice("\(key.rawValue) is now \(site.settings[key])")
        let report = try SiteReport(site)
        if global.json { try global.console.write(report) }
    }
}
