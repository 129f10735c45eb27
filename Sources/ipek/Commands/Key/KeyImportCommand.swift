import ArgumentParser
import Facility
import PaymentCrypto

/// Takes a key in, from components or from a key block.
struct KeyImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes a key in, from its components or from a key block.",
        discussion: """
            With --components, each custodian types one full-length component twice, without echo, or it is read from a \
            file; their XOR is the key. With --component, one of them comes in today and waits for the others. With --tr31, a key block of any version is opened under a key of the keyring.
            """)

    @Argument(help: "The new key's name.", transform: Arguments.keyName)
    var name: KeyName

    @Option(
        name: .customLong("expect-kcv"),
        help: "The check value that the key must have, 4 to 10 hexadecimal digits; else nothing is kept.",
        transform: Arguments.expectedCheckValue)
    var expectedCheckValue: ExpectedCheckValue?

    @OptionGroup(title: "From components") var components: ComponentOptions
    @OptionGroup(title: "From a key block") var keyBlock: KeyBlockOptions
    @OptionGroup(title: "Token") var token: TokenDestinationOptions
    @OptionGroup(title: "Header") var header: NewKeyOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        switch (components.count, keyBlock.file) {
        case (nil, nil): throw ValidationError("expected --components or --tr31, found neither")
        case (.some, .some): throw ValidationError("expected --components or --tr31, found both")
        case (.some(let count), nil): try validateComponents(count)
        case (nil, .some): try validateKeyBlock()
        }
    }

    func run() throws {
        let keyring = try global.readSite().keyring()
        if components.number == nil { try keyring.checkIsFree(name) }
        var keeper = KeyKeeper(console: global.console, expected: expectedCheckValue)
        keeper.token = token.destination(global.tokenVault)
        if let count = components.count {
            try importComponents(count, keeper)
        } else if let file = keyBlock.file, let protectionKey = keyBlock.protectionKey {
            try importKeyBlock(file, under: protectionKey, keeper)
        }
    }
}
