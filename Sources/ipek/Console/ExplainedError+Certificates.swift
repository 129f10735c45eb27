import Facility
import PaymentCrypto
import Provisioning

extension CertificateError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .tooSmall, .weakHash, .wrongUsage, .missingUsage: .refused
        case .issuer(_, let error): error.status
        case .engine(let error): error.status
        default: .badInput
        }
    }

    var messages: [Message] { [Message(ShownText.harmless(description))] }
}

extension HeldCertificateError: ExplainedError {
    var status: ExitStatus { error.status }

    var messages: [Message] { [Message(ShownText.harmless(description))] }
}
