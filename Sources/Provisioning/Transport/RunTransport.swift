public import Facility
public import PaymentCrypto

/// How the initial keys of a run travel.
public enum RunTransport: Sendable {
    /// In key blocks, under keys of the site.
    case keyBlocks
    /// In TR-34 tokens, for the certificates that the rows name.
    case tokens(TokenSigner, CertificateTrust)
    /// As RSA-OAEP cryptograms, for those.
    case cryptograms(OAEPHash, CertificateTrust)

    /// What the site's policy, and `run.json`, calls it.
    public var name: KeyTransport {
        switch self {
        case .keyBlocks: .tr31
        case .tokens: .tr34
        case .cryptograms: .rsaOAEP
        }
    }

    /// Whom the certificates of the devices must descend from.
    var trust: CertificateTrust? {
        switch self {
        case .keyBlocks: nil
        case .tokens(_, let trust), .cryptograms(_, let trust): trust
        }
    }

    /// Whether a header travels with each key.
    var carriesHeader: Bool { if case .cryptograms = self { false } else { true } }

    /// What the name of a device's file ends in.
    var fileEnding: StaticString { name.fileEnding }

    /// How many devices a worker takes at a time, where they are few because each takes an RSA signature or more.
    ///
    /// Many would leave workers without work at the end of a small fleet, and Ctrl-C without an answer.
    static let devicesAtOnce = 64
}

extension KeyTransport {
    /// What the name of a device's file ends in.
    var fileEnding: StaticString {
        switch self {
        case .tr31: ".tr31"
        case .tr34: ".tr34"
        case .rsaOAEP: ".oaep"
        }
    }
}

extension ProvisionOptions {
    /// The same, with chunks as small as the transport needs them.
    var limitingChunks: ProvisionOptions {
        guard transport.trust != nil else { return self }
        var options = self
        options.manifest.chunkCapacity = min(manifest.chunkCapacity, RunTransport.devicesAtOnce)
        return options
    }
}
