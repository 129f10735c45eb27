import ArgumentParser
import PaymentCrypto

/// Shows the clear parts of a key block or TR-34 token; no site and no key is needed.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows the clear parts of a key block or TR-34 token; needs no key.",
        discussion: """
            Header and optional blocks are put in words, and what is not as X9.143 has it is listed. Nothing is verified: \
            anybody can write a header, and only the key that protects the block, or the sender's certificate, tells \
            whether it is genuine.
            """)

    @Argument(
        help:
            "A file with a key block or token, as itself or as AWS writes it in JSON; - or nothing for standard input.")
    var file: String = "-"

    @OptionGroup var global: GlobalOptions

    func run() throws {
        switch try KeyMaterialFile(file).inspected() {
        case (.keyBlock, let material): try show(keyBlock: material)
        case (.token, let material): try show(token: material)
        case (.cryptogram, _):
            throw CommandFailure(.badInput, at: file, "a key cryptogram has no clear parts: all of it is encrypted")
        }
    }

    private func show(keyBlock material: [UInt8]) throws {
        let block: UnverifiedKeyBlock
        do throws(KeyBlockError) { block = try UnverifiedKeyBlock(utf8: material) } catch {
            throw FileRefusal(file: file, error: error)
        }
        let report = InspectReport(KeyBlockInspection(block))
        try global.console.write(report, text: report.text)
    }

    private func show(token material: [UInt8]) throws {
        let token: UnverifiedTR34Token
        do throws(TR34Error) { token = try UnverifiedTR34Token(material) } catch {
            throw FileRefusal(file: file, error: error)
        }
        let report = TokenInspectReport(token)
        try global.console.write(report, text: report.text)
    }
}
