import ArgumentParser
import Facility
import Provisioning

/// Finds every fault of a manifest; no passphrase is needed.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Finds every fault of a manifest without touching a key.",
        discussion: "Takes the options of 'provision', needs no passphrase and writes nothing.")

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup(title: "Transports to public keys") var publicKeys: PublicKeyArguments
    @OptionGroup(title: "Header options") var header: HeaderArguments
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws { try arguments.check(publicKeys, header) }

    func run() throws {
        let (console, interruption) = (global.console, Interruption())
        let (signals, progress) = (SignalWatch(interruption), ProgressLine(console))
        defer {
            progress.clear()
            signals.stop()
        }
        let site = try global.readSite()
        let keyring = try site.keyring()
        let run = try CheckRun(
            arguments.provisionOptions(try header.options(), try arguments.runTransport(publicKeys, keyring)), in: site,
            keyring: keyring, profiles: site.profiles, interruption: interruption)
        let manifest = try ManifestFile(
            arguments.manifest, interruption: interruption, makeSpool: ManifestFile.makeNamelessFile)
        let report = try run.run(manifest: manifest.descriptor, progress: progress.show)
        progress.clear()
        if let signer = run.signerWithoutRevocationList {
            console.say(.noSignerRevocationList("the tokens carry", signer))
        }
        try CheckSummary(report, manifest: arguments.manifest).tell(console)
        if !report.isGood { throw CommandStatus(status: .badInput) }
    }
}
