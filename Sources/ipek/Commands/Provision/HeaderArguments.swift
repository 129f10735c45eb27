import ArgumentParser
import PaymentCrypto
import Provisioning

/// What `check` and `provision` are told of the initial keys' header.
struct HeaderArguments: ParsableArguments {
    @Option(name: .customLong("mode-of-use"), help: "Initial keys have mode X only.")
    var modeOfUse: ModeOfUse?

    @Option(help: "N, or with --allow-exportable S or E (default: N).")
    var exportability: Exportability?

    @Flag(name: .customLong("allow-exportable"), help: "Permit exportability S and E.")
    var allowExportable = false

    @Option(
        name: .customLong("key-version"), help: "Two digits or upper-case letters (default: 00, not used).",
        transform: Arguments.keyVersion)
    var keyVersion: KeyVersionNumber?

    @Option(
        name: .customLong("optional-block"),
        help: "A further block as ID=VALUE, {device_id} being the row's; KC, KP and TS are computed; repeatable.")
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
