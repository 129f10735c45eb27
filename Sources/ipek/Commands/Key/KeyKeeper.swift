import Facility
import PaymentCrypto
import Provisioning

/// The end of every way in: the check value is compared, the key goes into the keyring, and what it is gets printed.
struct KeyKeeper {
    let console: Console
    var expected: ExpectedCheckValue?
    /// The check value that came in a file with the key.
    var stated: StatedCheckValue?
    /// The token that keeps the key; nil for the keyring.
    var token: TokenDestination?
    /// The TR-34 token that brought the key, to be remembered with it.
    var acceptance: TokenAcceptance?
    private(set) var said: [Message] = []

    init(console: Console, expected: ExpectedCheckValue? = nil) {
        self.console = console
        self.expected = expected
    }

    /// Says that something is odd about the key, and keeps it for the report.
    mutating func say(_ message: Message) {
        console.say(message)
        said.append(message)
    }

    /// The same for what a key block's text has that X9.143 has not.
    mutating func say(_ deviation: KeyBlockDeviation, file: String? = nil) {
        say(Message("\(deviation)", severity: deviation.severity == .note ? .notice : .warning, file: file))
    }

    /// Puts the key into the keyring or into its token, and into the event, which is recorded then.
    func keep(
        _ key: borrowing SymmetricKey, as new: UnlockedSite.NewKey, in site: borrowing UnlockedSite,
        _ event: inout AuditEvent
    ) throws -> KeyReport {
        event.add(new.name)
        addWarnings(to: &event)
        try compare(key)
        return KeyReport(
            try allOrNothing { try site.add(key, as: new, keptBy: token, accepting: acceptance, recording: &event) })
    }

    /// The audit log keeps what was warned of.
    func addWarnings(to event: inout AuditEvent) {
        for message in said where message.severity == .warning { event.add(fact: "warning", message.message) }
    }

    /// What goes wrong in `body` leaves nothing in the token.
    func allOrNothing<R>(_ body: () throws -> R) throws -> R {
        do { return try body() } catch {
            token?.forget()
            throw error
        }
    }

    /// Prints what was kept.
    func show(_ report: KeyReport) throws {
        var report = report
        report.diagnostics = said.isEmpty ? nil : said
        do { try console.write(report, text: report.text) } catch let failure as FileFailure {
            // Whoever hears of an error only would do it again, under another name.
            throw CommandFailure(
                failure.status, failure.description,
                hint: "the key is in the keyring all the same: 'ipek key show \(report.name)' shows it")
        }
    }

    /// A difference ends here, and nothing is kept.
    private func compare(_ key: borrowing SymmetricKey) throws {
        if let expected { try expected.check(key) }
        try stated?.check(key)
    }

    /// DES keys had odd parity; it is told and never changed, since two components of odd parity give even.
    mutating func say(evenParityByteCount count: Int, of algorithm: KeyAlgorithm) {
        guard count > 0 else { return }
        say(
            Message(
                "parity: \(count) of the \(algorithm.byteCount) bytes of the key are not odd; they stay as they are",
                severity: .notice))
    }
}
