import ArgumentParser
import PaymentCrypto

/// Prints the known answers that are computed at every start.
struct SelfTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest", abstract: "Prints the known answers that every start computes.")

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        struct Line: Encodable {
            let name: String
            let passed: Bool
        }

        let passed: Bool
        let tests: [Line]
    }

    func run() throws {
        // Once more: the start has stopped already where one of them failed.
        let outcomes = SelfTest.run()
        let report = Report(
            passed: outcomes.allSatisfy(\.passed), tests: outcomes.map { .init(name: $0.name, passed: $0.passed) })
        let lines = outcomes.map { "\($0.passed ? "ok    " : "FAILED")  \($0.name)" }
        try global.console.write(report, text: lines.joined(separator: "\n"))
        guard report.passed else { throw CommandStatus(status: .internalFailure) }
    }
}
