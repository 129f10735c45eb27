import Facility
import PaymentCrypto

extension TR34Error: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .weakerRecipientKey, .signingKeyReceives: .refused
        case .revocationListNotCarried: .usage
        case .certificate(_, let error): error.status
        case .header(let error): error.status
        case .engine(let error): error.status
        case .notAsMade: .internalFailure
        default: .badInput
        }
    }

    var messages: [Message] { [Message(ShownText.harmless("\(self)"), hint: hint)] }

    /// What to do about it.
    var hint: String? {
        switch self {
        case .nonceUnexpected: "--nonce HEX says which nonce the sender was given"
        case .nonceMissing: "leave --nonce out to take a token of one pass"
        case .otherRecipient: "the sender has wrapped it for another certificate: 'ipek certificate show' prints yours"
        case .otherSender: "--kdh-certificate names the sender's certificate"
        default: nil
        }
    }
}

extension KeyCryptogramError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .weakerKey, .notCarried: .refused
        case .wrongLength, .wrongKeyOrAltered: .badInput
        case .engine(let error): error.status
        }
    }

    var messages: [Message] { [Message("\(self)")] }
}
