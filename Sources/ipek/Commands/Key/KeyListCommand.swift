import ArgumentParser
import Facility

/// Lists the keys; no passphrase is needed.
struct KeyListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the keys of the site; needs no passphrase.")

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let keys: [AnyKeyReport]
        /// Missing where nothing waits.
        let waiting: [WaitingKeyReport]?
        /// Missing where nobody is trusted.
        let anchors: [AnchorReport]?
    }

    func run() throws {
        let keyring = try global.readSite().keyring()
        let keys = AnyKeyReport.keys(of: keyring)
        let waiting = keyring.waiting.map { WaitingKeyReport($0) }
        let anchors = keyring.anchors.map { AnchorReport($0) }
        let rows = keys.map(\.listRow) + waiting.map(\.listRow)
        if rows.isEmpty, anchors.isEmpty, !global.json { return global.console.notice("the keyring is empty") }
        let tables = [
            rows.isEmpty ? nil : Self.table(rows),
            anchors.isEmpty ? nil : Columns.table([AnchorReport.heading] + anchors.map(\.listRow)),
        ]
        try global.console.write(
            Report(
                keys: keys, waiting: waiting.isEmpty ? nil : waiting, anchors: anchors.isEmpty ? nil : anchors),
            text: tables.compactMap(\.self).joined(separator: "\n\n"))
    }

    private static let heading = [
        "NAME", "USAGE", "ALGORITHM", "MODE", "EXPORT", "KCV", "CREATED", "ORIGIN", "STATE", "TAGS",
    ]

    /// The last two columns are there when they tell something.
    private static func table(_ rows: [[String]]) -> String {
        let states = rows.contains { $0[8] != "in use" }
        let tags = rows.contains { !$0[9].isEmpty }
        return Columns.table(
            ([heading] + rows).map { row in
                Array(row[..<8]) + (states ? [row[8]] : []) + (tags && !row[9].isEmpty ? [row[9]] : [])
            })
    }
}

/// Shows one key; no passphrase is needed.
struct KeyShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what is known of a key, never its value; needs no passphrase.")

    @Argument(help: "The key's name.", transform: Arguments.keyName)
    var name: KeyName

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let keyring = try global.readSite().keyring()
        if let waiting = keyring.waitingKey(name) {
            let report = WaitingKeyReport(waiting)
            return try global.console.write(report, text: report.text)
        }
        let report = try AnyKeyReport(name, in: keyring)
        try global.console.write(report, text: report.text)
    }
}
