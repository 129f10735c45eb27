import Facility
import PaymentCrypto

extension CertificateError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .tooSmall, .weakHash, .wrongUsage: .refused
        case .issuer(_, let error): error.status
        case .engine(let error): error.status
        default: .badInput
        }
    }

    var messages: [Message] { [Message(ShownText.harmless(description))] }
}
