import Facility
import PaymentCrypto
import Provisioning

/// An error that knows its exit status and what a person can do about it.
protocol ExplainedError: Error {
    var status: ExitStatus { get }
    var messages: [Message] { get }
}

/// An error of the command line itself: an option, a prompt, a name.
struct CommandFailure: ExplainedError {
    let status: ExitStatus
    let messages: [Message]

    init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
        self.status = status
        messages = [Message(message, hint: hint)]
    }

    /// What is wrong with a file's content.
    init(_ status: ExitStatus, at path: String, _ message: String) {
        self.init(status, "\(ShownText.line(path)): \(message)")
    }

    /// A file that cannot be read because it is not there.
    init(missing failure: FileFailure) {
        status = .missingInput
        messages = failure.messages
    }
}

/// What is wrong with the content of a file, with the file that it came from.
struct FileRefusal: ExplainedError {
    let file: String
    let error: any ExplainedError

    var status: ExitStatus { error.status }

    var messages: [Message] {
        error.messages.map { Message($0.message, severity: $0.severity, file: file, hint: $0.hint) }
    }
}

extension FacilityError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .siteMissing, .keyMissing, .profileMissing, .keyIncomplete, .anchorMissing, .exchangeMissing:
            .missingInput
        case .siteExists, .backupExists, .siteIsCurrentFolder, .keyExists, .componentsWait, .componentExists,
            .anchorExists,
            .anchorIsEnrolled:
            .cannotCreate
        case .damaged, .exposed: .badSite
        case .custodians, .role, .policy, .keyInToken, .componentOption, .custody, .checkValue,
            .alreadyRetired, .otherKind, .anchorRole, .exchangeExpired, .exchangeKind, .privateKeyRemoved,
            .publicKeyExists, .replay:
            .refused
        case .chain, .backupDamaged: .badInput
        case .certificate(let error): error.status
        case .component(let error): error.status
        case .file(let failure): failure.status
        case .ledger(let error): error.status
        case .engine(let error): error.status
        case .internalFault: .internalFailure
        case .keyBlock(let error): error.status
        }
    }

    var messages: [Message] {
        if case .ledger(let error) = self { return error.messages }
        return [Message(ShownText.line("\(self)"), hint: hint)]
    }

    private var hint: String? {
        switch self {
        case .siteMissing: "name it with --site or IPEK_SITE, or make one with 'ipek init'"
        case .siteIsCurrentFolder: "name a new folder in it, such as --site ./site"
        case .keyMissing: "'ipek key list' shows what is there"
        case .profileMissing: "'ipek site show' lists them"
        case .anchorMissing: "'ipek certificate trust' enrols one, 'ipek key list' shows them"
        case .anchorExists: "choose another name, or remove the anchor first with 'ipek key remove'"
        case .exchangeMissing: "'ipek exchange list' shows them"
        case .exchangeExpired: "begin another one with 'ipek exchange begin-export' or 'begin-import'"
        case .chain(.noIssuer): "put it into the file, too"
        case .keyExists: "choose another name, or remove the key first"
        case .keyIncomplete(let name, _, _), .componentsWait(let name):
            "'ipek key import \(name) --component K' adds to them, 'ipek key remove \(name)' drops them"
        case .checkValue(let mismatch): mismatch.hint
        case .custody(let error): error.hint
        case .damaged(let file, let reason) where file.hasSuffix("/audit.jsonl"):
            reason == FacilityError.missing
                ? "take it from a backup; 'ipek audit verify --head HEX' tells whether a head on paper is in it"
                : "'ipek audit verify' names the first bad line"
        case .damaged: "settings and keys are changed with 'ipek site' and 'ipek key' only; take the file from a backup"
        case .exposed(let exposure): exposure.remedy
        case .ledger(let error): error.hint
        case .policy(.usedKeyNotRetired(let name)): "'ipek key retire \(name) --reason R' retires it"
        case .policy(.softwareKeys): "'ipek site set allowSoftwareKeys true' permits it"
        case .policy(.anchorNotEnrolled): "'ipek certificate trust' enrols one"
        case .policy(.operatorMissing): "say who you are with --operator NAME"
        case .policy(.secondOperatorMissing), .policy(.secondOperatorForPolicy), .policy(.secondOperatorForReissue):
            "name both, each with --operator NAME"
        case .policy(.operatorUnknown): "'ipek site show' tells who may, 'ipek site set operators' changes it"
        case .policy(.profileInUse): "'ipek site set defaultProfile none' lets it go"
        case .policy(.transport): "'ipek site set transports' changes it"
        case .policy(.environmentOfKeys): "make another site with 'ipek init'"
        default: nil
        }
    }
}

extension FileFailure: ExplainedError {
    var status: ExitStatus { operation == "making" && isRefused ? .cannotCreate : .inputOutput }

    var messages: [Message] { [Message(ShownText.line(description))] }
}

extension KeyBlockError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .engine(let error): error.status
        case .weakerProtectionKey, .unsuitableProtectionKey: .refused
        default: .badInput
        }
    }

    var messages: [Message] { [Message("\(self)")] }
}

extension EngineError: ExplainedError {
    var status: ExitStatus {
        switch kind {
        case .tokenUnavailable: .tokenUnavailable
        case .notPermitted: .refused
        case .cipherUnavailable, .operationFailed, .randomnessUnavailable: .internalFailure
        }
    }

    var messages: [Message] { [Message(description)] }
}

extension KeyComponentError: ExplainedError {
    var status: ExitStatus { [.zeroKey, .singleDES, .weakDESPart].contains(self) ? .refused : .badInput }

    var messages: [Message] { [Message(description)] }
}

extension CustodyError: ExplainedError {
    var status: ExitStatus { .refused }

    var messages: [Message] { [Message(ShownText.line(description), hint: hint)] }
}

extension CheckValueMismatch: ExplainedError {
    var status: ExitStatus { .refused }

    var messages: [Message] { [Message(description, hint: hint)] }

    var hint: String? {
        otherMethod.map { "the expected one is this key's by the \($0.rawValue) method" }
    }
}

extension PassphraseError: ExplainedError {
    var status: ExitStatus { .refused }

    var messages: [Message] { [Message(description)] }
}

extension CustodianError: ExplainedError {
    var status: ExitStatus {
        if case .engine = self { return .internalFailure }
        return .refused
    }

    var messages: [Message] { [Message(description)] }
}
