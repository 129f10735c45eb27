import PaymentCrypto
import Provisioning

extension ProvisioningError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .refused, .unexpectedCheckValue, .checkValueMethod: .refused
        case .unexpectedManifest, .manifestChanged: .badInput
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
        case .exists, .incompleteExists, .cannotMake: .cannotCreate
        case .writingFailed: .inputOutput
        }
    }

    var messages: [Message] { [Message(description, hint: hint)] }
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
