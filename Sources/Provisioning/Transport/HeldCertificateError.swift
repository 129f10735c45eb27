public import Facility
public import PaymentCrypto

/// What is wrong with a certificate that takes part in handing a key on, or with its revocation list, and whose it is.
public struct HeldCertificateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Whose it is.
    public let holder: CertificateHolder
    /// The fault.
    public let error: CertificateError

    /// Whose certificate it is, and the fault.
    public var description: String { "certificate of the \(holder): \(error)" }
}

/// Who takes part in handing a key on with a certificate.
public enum CertificateHolder: Equatable, Sendable, CustomStringConvertible {
    /// Whose private key opens what is sent; by the certificate's subject.
    case receiver(String)
    /// Who has signed what came; by the certificate's subject.
    case sender(String)
    /// A key of this site that signs what is sent.
    case signingKey(KeyName)

    /// The other side, with a certificate of its role.
    init(_ role: TrustRole, _ certificate: Certificate) {
        switch role {
        case .krd: self = .receiver(certificate.subject)
        case .kdh: self = .sender(certificate.subject)
        }
    }

    /// For people, with the short name that the options have.
    public var description: String {
        switch self {
        case .receiver(let subject): "receiver (KRD) '\(subject)'"
        case .sender(let subject): "sender (KDH) '\(subject)'"
        case .signingKey(let name): "signing key '\(name)'"
        }
    }
}
