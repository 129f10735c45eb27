import PaymentCrypto
import Provisioning

extension ProvisioningError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .refused, .unexpectedCheckValue, .checkValueMethod: .refused
        case .unexpectedManifest, .manifestChanged, .taken, .issuedBefore: .badInput
        case .checkValueLength, .header, .serialNumber: .usage
        case .interrupted: .interrupted
        }
    }

    var messages: [Message] { [Message(description, hint: hint)] }
}

extension HeaderOptionError: ExplainedError {
    var status: ExitStatus { isRefusal ? .refused : .usage }

    var messages: [Message] {
        [Message(concernsOptionalBlock ? "--optional-block: \(description)" : description, hint: hint)]
    }
}

extension OutputError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .exists, .incompleteExists, .incompleteIsNoRun, .cannotMake: .cannotCreate
        case .writingFailed, .readingFailed: .inputOutput
        }
    }

    var messages: [Message] { [Message(description, hint: hint)] }
}

extension ResumeError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .missing: .missingInput
        case .inUse: .cannotCreate
        case .exposed, .damaged, .different, .otherManifest, .voided: .badInput
        }
    }

    var messages: [Message] {
        // Digests are no secret, and are told in full.
        if case .otherManifest = self { return [Message(description, hint: hint)] }
        return [Message(ShownText.line(description), hint: hint)]
    }
}

extension ReconciliationError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .folderMissing: .missingInput
        case .notARun, .altered, .notAsIssued, .bad: .badInput
        case .unreadable, .inUse: .inputOutput
        case .readingFailed(_, let error): error.status
        case .outOfMemory: .internalFailure
        }
    }

    var messages: [Message] { [Message(ShownText.line(description), hint: hint)] }
}

extension StoppedRun: ExplainedError {
    var status: ExitStatus { (cause as? any ExplainedError)?.status ?? .internalFailure }

    var messages: [Message] {
        let messages = (cause as? any ExplainedError)?.messages ?? [Message("\(cause)")]
        return messages.enumerated().map { index, message in
            guard index == messages.count - 1 else { return message }
            return Message(
                isInterruption ? description : message.message, severity: message.severity,
                hint: isCurable ? hint : message.hint)
        }
    }

    /// Whether the cause may be gone the next time, as a full disk or an absent token may be; a refusal stays one.
    private var isCurable: Bool {
        if cause is ResumeError { return false }
        switch status {
        case .badInput, .refused, .badSite, .missingInput, .usage: return false
        default: return true
        }
    }
}

extension ManifestReadError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .readFailed: .inputOutput
        case .changed, .certificatesChanged: .badInput
        case .digestFailed, .outOfMemory: .internalFailure
        }
    }

    var messages: [Message] { [Message("the manifest \(self)")] }
}

extension VerificationError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .missing, .keyMissing: .missingInput
        case .noRun, .unfinished: .badInput
        case .readingFailed: .inputOutput
        case .digestFailed: .internalFailure
        case .interrupted: .interrupted
        }
    }

    var messages: [Message] { [Message(ShownText.harmless(description), hint: hint)] }
}
