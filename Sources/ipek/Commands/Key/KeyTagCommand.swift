import ArgumentParser
import Facility

/// Sets and removes the facility's own words about a key.
struct KeyTagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Tags a key with words of your own, such as acquirer=North; 'acquirer=' removes it.")

    @Argument(help: "The key's name.", transform: Arguments.keyName)
    var name: KeyName

    @Argument(help: "NAME=VALUE, or NAME= to remove the tag; several at once.", transform: Arguments.keyTag)
    var tags: [KeyTag]

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        for (index, tag) in tags.enumerated() {
            guard !tags[..<index].contains(where: { $0.name == tag.name }) else {
                throw ValidationError("tag '\(tag.name)' was given twice")
            }
        }
    }

    func run() throws {
        // Known before anybody is asked for a passphrase.
        try global.readSite().keyring().checkIsThere(name)
        let keyring = try global.audited("key tag") { site, event in
            event.add(name)
            for tag in tags { event.add(fact: "tag", "\(tag)") }
            return try site.annotate(name, recording: &event) { annotations in tags.forEach { annotations.apply($0) } }
        }
        let report = try AnyKeyReport(name, in: keyring)
        try global.console.write(report, text: report.text)
    }
}
