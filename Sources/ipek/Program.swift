import ArgumentParser
import Glibc
import PaymentCrypto

/// From the command line to an exit status.
enum Program {
    static func run(_ arguments: [String]) -> ExitStatus {
        // Known before the command line is understood, since that can fail.
        let console = Console(json: arguments.contains("--json"), quiet: arguments.contains("--quiet"))
        do {
            try checkKnownAnswers()
            var command = try Ipek.parseAsRoot(arguments)
            try command.run()
            return .done
        } catch let error as any ExplainedError {
            return report(error, on: console)
        } catch let rejections as CommandStatus {
            return rejections.status
        } catch {
            return report(parserError: error, on: console)
        }
    }

    /// Whatever is asked for: after a wrong known answer nothing else runs.
    private static func checkKnownAnswers() throws {
        guard let failed = SelfTest.run().first(where: { !$0.passed }) else { return }
        throw CommandFailure(
            .internalFailure, "self-test failed: \(failed.name)",
            hint: "this build or its OpenSSL gives wrong answers; nothing was done")
    }

    private static func report(_ error: any ExplainedError, on console: Console) -> ExitStatus {
        console.report(error.messages)
        return error.status
    }

    /// Help and the version come from the parser as errors, too.
    private static func report(parserError error: any Error, on console: Console) -> ExitStatus {
        guard Ipek.exitCode(for: error) != .success else {
            do { try console.write(Ipek.fullMessage(for: error)) } catch { return .inputOutput }
            return .done
        }
        guard Ipek.exitCode(for: error) == .validationFailure else {
            console.report([Message(ShownText.lines("\(error)"))])
            return .internalFailure
        }
        let text = withoutUnexpectedValues(Ipek.message(for: error))
        let message = ShownText.lines(text.prefix(1).lowercased() + text.dropFirst())
        console.report([Message(message, hint: "'ipek help' lists the commands, 'ipek COMMAND --help' the options")])
        return .usage
    }

    /// An argument where none belongs may be a passphrase; the parser's error is its own secret, but not its words.
    private static func withoutUnexpectedValues(_ text: String) -> String {
        if let words = text.prefixMatch(of: /(?:\d+ u|U)nexpected arguments?/) { return "\(words.output) (not shown)" }
        // A URI that was refused may have a PIN in it.
        return text.replacing(/(?s)The value '.*' is invalid for '(--(?:pkcs11|to-token))/) { match in
            "The value (not shown) is invalid for '\(match.1)"
        }
    }
}

/// A command that ran to its end, but with a status of its own; it has said why already.
struct CommandStatus: Error {
    let status: ExitStatus
}
