import ArgumentParser
import PaymentCrypto

/// Shows the clear parts of a key block; no site and no key is needed.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows the clear parts of a key block; needs no key.",
        discussion: """
            Header and optional blocks are put in words, and what is not as X9.143 has it is listed. Nothing is verified: \
            anybody can write a header, and only the key that protects the block tells whether it is genuine.
            """)

    @Argument(help: "A file with a key block, as text or as AWS writes it in JSON; - or nothing for standard input.")
    var file: String = "-"

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let material = try KeyMaterialFile(file).keyBlock()
        let block: UnverifiedKeyBlock
        do throws(KeyBlockError) {
            block = try UnverifiedKeyBlock(utf8: material)
        } catch {
            throw Refusal(file: file, error: error)
        }
        let report = InspectReport(KeyBlockInspection(block))
        try global.console.write(report, text: report.text)
    }

    /// A key block that cannot be read, with the file that it came from.
    private struct Refusal: ExplainedError {
        let file: String
        let error: KeyBlockError

        var status: ExitStatus { error.status }

        var messages: [Message] { [Message("\(error)", file: file)] }
    }
}
