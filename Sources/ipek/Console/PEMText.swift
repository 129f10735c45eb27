import FoundationEssentials
import PaymentCrypto

/// PEM in the form in which AWS has it in JSON: in Base64 once more.
enum PEMText {
    static func base64(_ pem: String) -> String { Data(pem.utf8).base64EncodedString() }

    static func base64(_ certificates: some Sequence<Certificate>) -> String {
        base64(certificates.map(\.pem).joined())
    }
}
