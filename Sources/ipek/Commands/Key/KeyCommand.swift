import ArgumentParser

/// The keys of the site.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Takes keys in, makes them, and shows what is there, but never their value.",
        subcommands: [
            KeyImportCommand.self, KeyGenerateCommand.self, KeyAttachCommand.self, KeyListCommand.self,
            KeyShowCommand.self, KeyExportCommand.self, KeyTagCommand.self, KeyRetireCommand.self,
            KeyRemoveCommand.self,
        ])
}
