import Facility
import PaymentCrypto
import Provisioning

extension GlobalOptions {
    /// Unlocks the site, runs `body`, records what came of it (also when it throws), then returns.
    ///
    /// A change of the site's files records the event itself, before it takes effect. Whatever leaves, a key block above all,
    /// leaves after this has returned: then the audit log has it.
    func audited<R: ~Copyable>(
        _ action: String, _ body: (borrowing UnlockedSite, inout AuditEvent) throws -> R
    ) throws -> R {
        var reader = passphrases
        return try audited(action, with: &reader, body)
    }

    /// The same, for a command that asks for something else, too: `body` takes it from the reader's prompts.
    func audited<R: ~Copyable>(
        _ action: String, with reader: inout PassphraseReader,
        _ body: (borrowing UnlockedSite, inout AuditEvent) throws -> R
    ) throws -> R {
        let site = try unlockSite(with: &reader)
        return try audited(action, in: site, body)
    }

    /// The same, with a site that is open already.
    func audited<R: ~Copyable>(
        _ action: String, in site: borrowing UnlockedSite,
        _ body: (borrowing UnlockedSite, inout AuditEvent) throws -> R
    ) throws -> R {
        // What could not be recorded is not begun.
        try site.checkAuditLog()
        var event = event(action)
        do {
            try site.check(operators: operators)
            let result = try body(site, &event)
            if event.head == nil { try record(&event, in: site) }
            return result
        } catch let failure as UnrecordedEvent {
            throw failure
        } catch {
            if event.head == nil { try record(&event, failing: error, in: site) }
            throw error
        }
    }

    /// An event of this command line's operators.
    func event(_ action: String) -> AuditEvent {
        var event = AuditEvent(action)
        event.operators = operators.map(\.description)
        return event
    }

    /// Records that something was not done, and why.
    func record(_ event: inout AuditEvent, failing error: any Error, in site: borrowing UnlockedSite) throws {
        event.result = AuditEvent.Result(error)
        event.reason = ShownText.line(Self.messages(of: error).map(\.message).joined(separator: "; "))
        do throws(FacilityError) { _ = try site.record(event) } catch let failure {
            // Nothing else went wrong than that the log could not be written.
            guard error as? FacilityError != failure else { throw UnrecordedEvent(event, failure) }
            throw UnrecordedEvent(
                event: event, failure: failure, cause: error, happened: "failed, and is not in the audit log")
        }
    }

    /// Records what was done.
    @discardableResult
    func record(_ event: inout AuditEvent, in site: borrowing UnlockedSite) throws -> AuditHead {
        do throws(FacilityError) { return try site.record(event) } catch { throw UnrecordedEvent(event, error) }
    }

    private static func messages(of error: any Error) -> [Message] {
        (error as? any ExplainedError)?.messages ?? [Message("\(error)")]
    }
}

extension AuditEvent.Result {
    /// What an error makes of an event.
    init(_ error: any Error) {
        switch (error as? any ExplainedError)?.status ?? (error as? CommandStatus)?.status {
        case .refused: self = .refused
        case .interrupted: self = .interrupted
        default: self = .failed
        }
    }
}

/// An event that the audit log could not take: what was not done, and why nobody will read of it there.
struct UnrecordedEvent: ExplainedError {
    let event: AuditEvent
    let failure: FacilityError
    /// What went wrong before that, if anything did.
    var cause: (any Error)?
    let happened: String
    var hint: String?

    var status: ExitStatus { failure.status == .badSite ? .badSite : .inputOutput }

    var messages: [Message] {
        let keys = event.keys.isEmpty ? "" : " (\(event.keys.map(\.name).joined(separator: ", ")))"
        let earlier = (cause as? any ExplainedError)?.messages ?? []
        return earlier + [Message(ShownText.line("\(event.action)\(keys) \(happened): \(failure)"), hint: hint)]
    }
}

extension UnrecordedEvent {
    /// Something that was not done since it could not be recorded.
    init(_ event: AuditEvent, _ failure: FacilityError) {
        self.init(
            event: event, failure: failure, happened: "was not done, because the audit log cannot take it",
            hint: "nothing was changed, and nothing has left")
    }
}
