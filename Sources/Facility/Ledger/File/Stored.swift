import FoundationEssentials
import PaymentCrypto

extension SHA256Digest {
    /// As a value of a statement.
    var stored: Data { Data(bytes) }
}

extension KeyFingerprint {
    /// As a value of a statement: the 16 bytes.
    var stored: Data { Data(Hexadecimal.bytes(description) ?? []) }

    init?(stored bytes: [UInt8]) {
        self.init(Hexadecimal.text(bytes))
    }
}

extension DUKPTFamily {
    /// As a value of a statement.
    var stored: String { self == .tdes ? "tdes" : "aes" }

    init?(stored text: String) {
        switch text {
        case "tdes": self = .tdes
        case "aes": self = .aes
        default: return nil
        }
    }
}
