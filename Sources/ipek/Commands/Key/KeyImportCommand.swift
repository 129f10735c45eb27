import ArgumentParser
import Facility
import PaymentCrypto

/// Takes a key in: from components, from a key block, or as it came for a public key of the site.
struct KeyImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes a key in: components, a key block, a token or a cryptogram.",
        discussion: """
            With --components, each custodian types one full-length component twice, without echo, or it is read from a \
            file; their XOR is the key. With --component, one of them comes in today and waits for the others. With --tr31, a key block of any version is opened under a \
            key of the keyring; with --tr34 or --rsa-oaep, what came for a public key of the site is.
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
    @OptionGroup(title: "For a public key of the site") var receive: ReceiveOptions
    @OptionGroup(title: "Token") var token: TokenDestinationOptions
    @OptionGroup(title: "Header") var header: NewKeyOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        let form = try form()
        try refuseOptions(ofOtherThan: form)
        switch form {
        case .components(let count): try validateComponents(count)
        case .keyBlock: try validateKeyBlock()
        case .token: try validateToken()
        case .cryptogram: try validateCryptogram()
        }
    }

    private func refuseOptions(ofOtherThan form: Form) throws {
        switch form {
        case .components, .keyBlock:
            guard receive.isEmpty else {
                throw ValidationError("--private-key, --import-token and their like belong to --tr34 and --rsa-oaep")
            }
        case .token, .cryptogram:
            guard !components.describesComponents else { throw Self.componentOptions }
            guard keyBlock.isEmpty else { throw ValidationError("--under and --lenient belong to --tr31") }
        }
    }

    static let componentOptions = ValidationError(
        "--component, --component-file, --custodian, --bag and --expect-component-kcv belong to --components")

    private enum Form {
        case components(Int)
        case keyBlock(String)
        case token(String)
        case cryptogram(String)
    }

    private func form() throws -> Form {
        let asked = [
            components.count.map { ("--components", Form.components($0)) },
            keyBlock.file.map { ("--tr31", .keyBlock($0)) }, receive.token.map { ("--tr34", .token($0)) },
            receive.cryptogram.map { ("--rsa-oaep", .cryptogram($0)) },
        ].compactMap(\.self)
        guard asked.count == 1, let only = asked.first else {
            throw ValidationError(
                "expected --components, --tr31, --tr34 or --rsa-oaep, found"
                    + " \(asked.isEmpty ? "none" : asked.map(\.0).joined(separator: " and "))")
        }
        return only.1
    }

    func run() throws {
        let keyring = try global.readSite().keyring()
        if components.number == nil { try keyring.checkIsFree(name) }
        var keeper = KeyKeeper(console: global.console, expected: expectedCheckValue)
        keeper.token = token.destination(global.tokenVault)
        switch try form() {
        case .components(let count): try importComponents(count, keeper)
        case .keyBlock(let file):
            guard let protectionKey = keyBlock.protectionKey else { throw ValidationError("--tr31 needs --under") }
            try importKeyBlock(file, under: protectionKey, keeper)
        case .token(let file): try importToken(file, keeper)
        case .cryptogram(let file): try importCryptogram(file, keeper)
        }
    }
}
