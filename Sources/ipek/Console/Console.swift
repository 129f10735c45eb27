import Facility
import FoundationEssentials
import Glibc
import Provisioning

/// The one place that prints: data on stdout, everything for people on stderr.
///
/// Messages are in lower case and end without a full stop; nothing secret ever gets here, since no secret has a
/// description.
struct Console: Sendable {
    /// One JSON document on stdout instead of text.
    let json: Bool
    /// Errors and warnings only on stderr.
    let quiet: Bool

    /// Whether stderr is a terminal, so that progress may be shown and overwritten.
    var showsProgress: Bool { !quiet && isatty(STDERR_FILENO) == 1 }

    /// Says what went wrong; under `--json` it is the document on stdout, too.
    func report(_ messages: [Message]) {
        for message in messages { tell("\(message)") }
        guard json else { return }
        // Whoever does not listen on stdout has the message on stderr.
        try? write(Diagnostics(diagnostics: messages))
    }

    /// A warning, which `--quiet` does not silence.
    func warn(_ message: String, hint: String? = nil) {
        say(Message(message, severity: .warning, hint: hint))
    }

    /// A message of any severity; `--quiet` silences notices.
    func say(_ message: Message) {
        if message.severity != .notice || !quiet { tell("\(message)") }
    }

    /// Something worth knowing, unless people asked for silence.
    func notice(_ text: String) {
        if !quiet { tell(text) }
    }

    /// Data, as lines of text.
    func write(_ text: String) throws {
        try Self.write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
    }

    /// Data, as one JSON document.
    func write(_ document: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(String(decoding: try encoder.encode(document), as: UTF8.self))
    }

    /// Data in the form that was asked for.
    func write(_ document: some Encodable, text: @autoclosure () -> String) throws {
        if json { try write(document) } else { try write(text()) }
    }

    private struct Diagnostics: Encodable {
        let diagnostics: [Message]
    }

    private func tell(_ line: String) {
        // Nobody is left to tell when stderr is closed.
        try? Self.write(line + "\n", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) throws {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure("writing", "standard output", code: errno) }
            done += count
        }
    }
}
