import ArgumentParser
import PaymentCrypto
import Provisioning

/// What is asked for the header of a key block: of an initial key, or of a key that is exported.
struct HeaderArguments: ParsableArguments {
    @Option(
        name: .customLong("mode-of-use"),
        help: "A subset of the key's own mode (default: that mode); initial keys have X only.")
    var modeOfUse: ModeOfUse?

    @Option(help: "N, S or E, no wider than the key's own (default: its own; initial keys: N).")
    var exportability: Exportability?

    @Flag(name: .customLong("allow-exportable"), help: "Permit initial keys exportability S and E.")
    var allowExportable = false

    @Option(
        name: .customLong("key-version"),
        help: "Two digits or upper-case letters (default: the key's own; initial keys: 00).",
        transform: Arguments.keyVersion)
    var keyVersion: KeyVersionNumber?

    @Option(
        name: .customLong("optional-block"),
        help:
            "A further block as ID=VALUE; KC, KP and TS alone are computed; in a manifest {device_id} is the row's; repeatable."
    )
    var optionalBlocks: [String] = []

    @Option(
        name: .customLong("key-block-version"), help: "B, D or E (default: B under a TDES key, D under an AES key).",
        transform: Arguments.keyBlockVersion)
    var keyBlockVersion: KeyBlockVersion?

    @Flag(
        name: .customLong("length-obfuscation"), inversion: .prefixedNo,
        help: "Pad short keys to the longest of their cipher, or do not (default: pad them).")
    var lengthObfuscation: Bool?

    @Flag(
        name: .customLong("ksn-block"), inversion: .prefixedNo,
        help: "Write an initial key's block KS or IK, or leave it out (default: write it).")
    var ksnBlock: Bool?

    /// Whether nothing was typed.
    var isEmpty: Bool { optionalBlocks.isEmpty && ((try? options())?.isEmpty ?? true) }

    /// What was typed, parsed.
    func options() throws(HeaderOptionError) -> HeaderOptions {
        var options = HeaderOptions()
        (options.modeOfUse, options.exportability, options.keyVersion) = (modeOfUse, exportability, keyVersion)
        (options.allowsExportable, options.keyBlockVersion) = (allowExportable, keyBlockVersion)
        (options.serialNumberBlock, options.lengthObfuscation) = (ksnBlock, lengthObfuscation)
        for text in optionalBlocks { options.optionalBlocks.append(try OptionalBlockOption(argument: text)) }
        return options
    }
}
