public import PaymentCrypto

/// What an RSA key of the site is for; no key is for both.
public enum RSAKeyUsage: String, CaseIterable, Sendable, CustomStringConvertible {
    /// Signing TR-34 tokens, as the key distribution host (KDH).
    case sign
    /// Opening what partners wrap for the site, as the key receiving device (KRD).
    case keyTransport = "key-transport"

    /// As the command line says it.
    public var description: String { rawValue }

    /// The role of its certificate.
    public var role: TrustRole { self == .sign ? .kdh : .krd }

    /// What its certificate must permit.
    public var purpose: CertificatePurpose { role.purpose }

    /// What the key may do, as X9.143:2021, 6.3, tables 2 and 4, say it: S0 signs, K2 belongs to TR-34.
    public var header: KeyBlockHeader {
        switch self {
        case .sign:
            KeyBlockHeader(version: .d, keyUsage: .digitalSignature, algorithm: .rsa, modeOfUse: .sign)
        case .keyTransport:
            KeyBlockHeader(version: .d, keyUsage: .tr34KeyPair, algorithm: .rsa, modeOfUse: .decrypt)
        }
    }
}

/// The two ends of a TR-34 transport: each trust anchor, and each of the site's own CAs, is for one of them.
public enum TrustRole: String, Codable, CaseIterable, Sendable, CustomStringConvertible {
    /// Receivers of keys: key receiving devices.
    case krd
    /// Senders of keys: key distribution hosts.
    case kdh

    /// As the command line says it.
    public var description: String { rawValue }

    /// What a certificate in this role must permit.
    public var purpose: CertificatePurpose { self == .krd ? .keyReceiving : .signing }
}
